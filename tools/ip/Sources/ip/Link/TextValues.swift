// SPDX-License-Identifier: Apache-2.0

public import CommandKit
public import NetlinkCore

// The values of the library are printed in place, without a String in between.
extension InterfaceName: @retroactive TextWritable {}
extension HardwareAddress: @retroactive TextWritable {}
extension IPAddress: @retroactive TextWritable {}
extension IPv4Address: @retroactive TextWritable {}
extension IPv6Address: @retroactive TextWritable {}
extension IPPrefix: @retroactive TextWritable {}
