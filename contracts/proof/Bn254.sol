// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev Order of the scalar field of BN254; instances of a proof are smaller.
uint256 constant BN254_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
