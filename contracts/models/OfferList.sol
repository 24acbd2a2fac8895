// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title List of offers for one model in one token, each host at most once.
library OfferList {
    /// @dev One slot and a half each; the list is read page by page and never as a whole.
    struct Entry {
        address host;
        uint96 pricePer1000;
        uint96 pricePerMinute;
    }

    /// @param place From 1; 0 is not in the list.
    struct List {
        Entry[] entries;
        mapping(address host => uint256) place;
    }

    function set(List storage self, Entry memory entry) internal {
        uint256 place = self.place[entry.host];
        if (place == 0) {
            self.entries.push(entry);
            self.place[entry.host] = self.entries.length;
        } else {
            self.entries[place - 1] = entry;
        }
    }

    /// @return removed Whether there was one.
    function remove(List storage self, address host) internal returns (bool removed) {
        uint256 place = self.place[host];
        if (place == 0) return false;
        uint256 last = self.entries.length;
        if (place != last) {
            Entry memory moved = self.entries[last - 1];
            self.entries[place - 1] = moved;
            self.place[moved.host] = place;
        }
        self.entries.pop();
        delete self.place[host];
        return true;
    }

    /// @return entry All zero when `host` has none.
    function get(List storage self, address host) internal view returns (Entry memory entry) {
        uint256 place = self.place[host];
        if (place != 0) entry = self.entries[place - 1];
    }

    function page(List storage self, uint256 offset, uint256 limit) internal view returns (Entry[] memory entries) {
        uint256 count = self.entries.length;
        if (offset >= count) return entries;
        entries = new Entry[](Math.min(limit, count - offset));
        for (uint256 i; i < entries.length; ++i) {
            entries[i] = self.entries[offset + i];
        }
    }
}
