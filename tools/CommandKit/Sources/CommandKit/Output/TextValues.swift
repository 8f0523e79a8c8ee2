// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

// The values of the library are printed in place, without a String in between: each has a `write(to:)` already.
extension InterfaceName: TextWritable {}
extension HardwareAddress: TextWritable {}
extension IPAddress: TextWritable {}
extension IPv4Address: TextWritable {}
extension IPv6Address: TextWritable {}
extension IPPrefix: TextWritable {}
