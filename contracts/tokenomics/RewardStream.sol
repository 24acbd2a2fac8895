// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title One reward token, streamed over time to weights.
/// @dev Amounts are scaled by 1e36 and nothing is lost: what a division leaves is carried to the next one. At a scale of
/// 1e18 a share of 0.25 USDC over 10 million FAB would round to zero.
library RewardStream {
    uint256 internal constant SCALE = 1e36;
    uint256 internal constant DURATION = 7 days;

    /// @param perWeight Scaled reward that one unit of weight has earned since the beginning.
    /// @param left Scaled reward that is still to come, evenly from `updatedAt` to `endsAt`. At most 2^112 units, so
    /// that `left * DURATION` fits.
    /// @param remainder What the last division by the weight left over.
    struct Stream {
        uint256 perWeight;
        uint256 left;
        uint128 remainder;
        uint48 updatedAt;
        uint48 endsAt;
    }

    /// @notice `stream` as it stands at `time`, when all of the time since its last update had the total `weight`.
    /// @dev Without weight the stream stands still and its end moves away.
    function advanced(Stream memory stream, uint256 weight, uint256 time)
        internal
        pure
        returns (Stream memory)
    {
        uint256 elapsed = time - stream.updatedAt;
        if (elapsed == 0) return stream;
        uint256 remaining = stream.endsAt > stream.updatedAt ? stream.endsAt - stream.updatedAt : 0;
        stream.updatedAt = uint48(time);
        if (weight == 0) {
            stream.endsAt = uint48(time + remaining);
            return stream;
        }
        uint256 released = elapsed >= remaining ? stream.left : stream.left * elapsed / remaining;
        stream.left -= released;
        released += stream.remainder;
        stream.perWeight += released / weight;
        // Below the weight, which is below 2^96 wei times 15,000.
        stream.remainder = uint128(released % weight);
        return stream;
    }

    /// @notice Adds `amount` (unscaled) to a stream that was advanced to now.
    /// @dev The new end is the mean of both ends, weighted by the amounts. So dust moves no end, however often it comes,
    /// and the common rate is never above the sum of the two rates (Cauchy-Schwarz): who stakes just for a distribution
    /// gains no more of it than from a stream of its own over the whole duration.
    function added(Stream memory stream, uint256 amount) internal pure returns (Stream memory) {
        uint256 fresh = amount * SCALE;
        uint256 total = stream.left + fresh;
        uint256 remaining = stream.endsAt > stream.updatedAt ? stream.endsAt - stream.updatedAt : 0;
        uint256 merged = (stream.left * remaining + fresh * DURATION) / total;
        stream.left = total;
        stream.endsAt = uint48(stream.updatedAt + merged);
        return stream;
    }
}
