// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Runs socket filters as the kernel does, without a kernel.
///
/// It knows the instructions that `SocketFilterBuilder` makes.
public struct SocketFilterMachine: Sendable {
    private let filter: SocketFilter

    /// Runs a program.
    public init(_ filter: SocketFilter) { self.filter = filter }

    /// Whether the program accepts a datagram; nil when the kernel would not have taken the program.
    public func accepts(_ datagram: [UInt8]) -> Bool? {
        var accumulator: UInt32 = 0
        var index: UInt32 = 0
        var memory = [UInt32](repeating: 0, count: 16)
        var position = 0
        while position < filter.instructions.count {
            let instruction = filter.instructions[position]
            let operand = instruction.operand
            position += 1
            switch instruction.code {
            case 0x00: accumulator = operand
            case 0x01: index = operand
            case 0x02: memory[Int(operand % 16)] = accumulator
            case 0x61: index = memory[Int(operand % 16)]
            case 0x81: index = UInt32(clamping: datagram.count)
            case 0x07: index = accumulator
            case 0x64: accumulator = operand < 32 ? accumulator << operand : 0
            case 0x4c: accumulator |= index
            case 0x20 where operand == 0xffff_f00c:
                accumulator = Self.attribute(UInt16(truncatingIfNeeded: index), in: datagram, from: Int(accumulator))
            case 0x20, 0x28, 0x30, 0x40, 0x50:
                let size = instruction.code & 0x18 == 0x10 ? 1 : instruction.code & 0x18 == 0x08 ? 2 : 4
                let start = Int(operand) + (instruction.code & 0x40 != 0 ? Int(index) : 0)
                // A load beyond the end ends the program, and rejects.
                guard start + size <= datagram.count else { return false }
                accumulator = datagram[start..<start + size].reduce(0) { $0 << 8 | UInt32($1) }
            case 0x05: position += Int(operand)
            case 0x15: position += Int(accumulator == operand ? instruction.jumpTrue : instruction.jumpFalse)
            case 0x1d: position += Int(accumulator == index ? instruction.jumpTrue : instruction.jumpFalse)
            case 0x25: position += Int(accumulator > operand ? instruction.jumpTrue : instruction.jumpFalse)
            case 0x06: return operand != 0
            default: return nil
            }
        }
        return nil
    }

    private static func attribute(_ number: UInt16, in datagram: [UInt8], from start: Int) -> UInt32 {
        var position = start
        while position + 4 <= datagram.count {
            let length = Int(nativeWord(datagram, position))
            guard length >= 4, length <= datagram.count - position else { return 0 }
            if nativeWord(datagram, position + 2) & 0x3fff == number { return UInt32(clamping: position) }
            position += (length + 3) & ~3
        }
        return 0
    }

    private static func nativeWord(_ bytes: [UInt8], _ position: Int) -> UInt16 {
        UInt16(littleEndian: UInt16(bytes[position]) | UInt16(bytes[position + 1]) << 8)
    }
}
