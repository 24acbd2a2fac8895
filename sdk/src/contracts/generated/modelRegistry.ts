import type { modelRegistryAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'

type Abi = typeof modelRegistryAbi

export const Initialized: AbiText<AbiItem<Abi, 'Initialized'>> = [
  'event Initialized(uint64 version)',
]

export const MinimumPricesSet: AbiText<AbiItem<Abi, 'MinimumPricesSet'>> = [
  'event MinimumPricesSet(address indexed token, uint256 pricePer1000, uint256 pricePerMinute)',
]

export const ModelDelisted: AbiText<AbiItem<Abi, 'ModelDelisted'>> = [
  'event ModelDelisted(bytes32 indexed modelId)',
]

export const ModelListed: AbiText<AbiItem<Abi, 'ModelListed'>> = [
  'event ModelListed(bytes32 indexed modelId, address indexed publisher, string name, string version, string metadata)',
]

export const ModelUpdated: AbiText<AbiItem<Abi, 'ModelUpdated'>> = [
  'event ModelUpdated(bytes32 indexed modelId, string metadata)',
]

export const OfferRemoved: AbiText<AbiItem<Abi, 'OfferRemoved'>> = [
  'event OfferRemoved(bytes32 indexed modelId, address indexed token, address indexed host)',
]

export const OfferSet: AbiText<AbiItem<Abi, 'OfferSet'>> = [
  'event OfferSet(bytes32 indexed modelId, address indexed token, address indexed host, uint256 pricePer1000, uint256 pricePerMinute)',
]

export const OwnershipTransferStarted: AbiText<AbiItem<Abi, 'OwnershipTransferStarted'>> = [
  'event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)',
]

export const OwnershipTransferred: AbiText<AbiItem<Abi, 'OwnershipTransferred'>> = [
  'event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)',
]

export const PublisherSet: AbiText<AbiItem<Abi, 'PublisherSet'>> = [
  'event PublisherSet(bytes32 indexed modelId, address indexed publisher)',
]

export const UPGRADE_INTERFACE_VERSION: AbiText<AbiItem<Abi, 'UPGRADE_INTERFACE_VERSION'>> = [
  'function UPGRADE_INTERFACE_VERSION() view returns (string)',
]

export const Upgraded: AbiText<AbiItem<Abi, 'Upgraded'>> = [
  'event Upgraded(address indexed implementation)',
]

export const UseRecorded: AbiText<AbiItem<Abi, 'UseRecorded'>> = [
  'event UseRecorded(uint256 indexed jobId, bytes32 indexed modelId, uint256 tokens)',
]

export const acceptOwnership: AbiText<AbiItem<Abi, 'acceptOwnership'>> = [
  'function acceptOwnership()',
]

export const cheapestHost: AbiText<AbiItem<Abi, 'cheapestHost'>> = [
  'function cheapestHost(bytes32 modelId, address token, uint8 unit, uint256 offset, uint256 limit) view returns (address host, uint256 price)',
]

export const delistModel: AbiText<AbiItem<Abi, 'delistModel'>> = [
  'function delistModel(bytes32 modelId)',
]

export const getModel: AbiText<AbiItem<Abi, 'getModel'>> = [
  'function getModel(bytes32 modelId) view returns ((address publisher, uint48 listedAt, uint48 uses, uint128 tokens, bytes32 metadataHash))',
]

export const initialize: AbiText<AbiItem<Abi, 'initialize'>> = [
  'function initialize(address owner_, address nodeRegistry_, address marketplace_, (address token, uint96 pricePer1000, uint96 pricePerMinute)[] minimums)',
]

export const isRecorded: AbiText<AbiItem<Abi, 'isRecorded'>> = [
  'function isRecorded(uint256 jobId) view returns (bool)',
]

export const listModel: AbiText<AbiItem<Abi, 'listModel'>> = [
  'function listModel(string name, string version, string metadata) returns (bytes32 modelId)',
]

export const marketplace: AbiText<AbiItem<Abi, 'marketplace'>> = [
  'function marketplace() view returns (address)',
]

export const minimumPrices: AbiText<AbiItem<Abi, 'minimumPrices'>> = [
  'function minimumPrices(address token) view returns (uint96 pricePer1000, uint96 pricePerMinute)',
]

export const modelCount: AbiText<AbiItem<Abi, 'modelCount'>> = [
  'function modelCount() view returns (uint256)',
]

export const modelIdOf: AbiText<AbiItem<Abi, 'modelIdOf'>> = [
  'function modelIdOf(string name, string version) pure returns (bytes32)',
]

export const models: AbiText<AbiItem<Abi, 'models'>> = [
  'function models(uint256 offset, uint256 limit) view returns (bytes32[] page)',
]

export const nodeRegistry: AbiText<AbiItem<Abi, 'nodeRegistry'>> = [
  'function nodeRegistry() view returns (address)',
]

export const offerCount: AbiText<AbiItem<Abi, 'offerCount'>> = [
  'function offerCount(bytes32 modelId, address token) view returns (uint256)',
]

export const offers: AbiText<AbiItem<Abi, 'offers'>> = [
  'function offers(bytes32 modelId, address token, uint256 offset, uint256 limit) view returns ((address host, uint96 pricePer1000, uint96 pricePerMinute, bool accepting)[] found)',
]

export const owner: AbiText<AbiItem<Abi, 'owner'>> = [
  'function owner() view returns (address)',
]

export const pendingOwner: AbiText<AbiItem<Abi, 'pendingOwner'>> = [
  'function pendingOwner() view returns (address)',
]

export const proxiableUUID: AbiText<AbiItem<Abi, 'proxiableUUID'>> = [
  'function proxiableUUID() view returns (bytes32)',
]

export const quote: AbiText<AbiItem<Abi, 'quote'>> = [
  'function quote(bytes32 modelId, address token, address host, uint8 unit, uint256 quantity) view returns (uint256)',
]

export const recordSettled: AbiText<AbiItem<Abi, 'recordSettled'>> = [
  'function recordSettled(uint256 jobId)',
]

export const removeOffer: AbiText<AbiItem<Abi, 'removeOffer'>> = [
  'function removeOffer(bytes32 modelId, address token, address host)',
]

export const renounceOwnership: AbiText<AbiItem<Abi, 'renounceOwnership'>> = [
  'function renounceOwnership()',
]

export const setMinimumPrices: AbiText<AbiItem<Abi, 'setMinimumPrices'>> = [
  'function setMinimumPrices(address token, uint96 pricePer1000, uint96 pricePerMinute)',
]

export const setPrice: AbiText<AbiItem<Abi, 'setPrice'>> = [
  'function setPrice(bytes32 modelId, address token, uint96 pricePer1000, uint96 pricePerMinute)',
]

export const setPublisher: AbiText<AbiItem<Abi, 'setPublisher'>> = [
  'function setPublisher(bytes32 modelId, address publisher)',
]

export const transferOwnership: AbiText<AbiItem<Abi, 'transferOwnership'>> = [
  'function transferOwnership(address newOwner)',
]

export const updateModel: AbiText<AbiItem<Abi, 'updateModel'>> = [
  'function updateModel(bytes32 modelId, string metadata)',
]

export const upgradeToAndCall: AbiText<AbiItem<Abi, 'upgradeToAndCall'>> = [
  'function upgradeToAndCall(address newImplementation, bytes data) payable',
]
