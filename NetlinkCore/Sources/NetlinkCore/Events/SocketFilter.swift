// SPDX-License-Identifier: Apache-2.0

/// A program that the kernel runs on each datagram before it is put into a socket's buffer.
///
/// What it rejects costs neither buffer nor waking up. Netlink's fields are in host byte order and the program's loads
/// in network byte order; ``SocketFilterBuilder`` hides that.
///
/// Kernel: `SO_ATTACH_FILTER`, `struct sock_fprog`.
public struct SocketFilter: Hashable, Sendable {
    /// One instruction.
    ///
    /// Kernel: `struct sock_filter`.
    public struct Instruction: Hashable, Sendable {
        /// The operation.
        public var code: UInt16
        /// How many instructions are skipped when a comparison holds.
        public var jumpTrue: UInt8
        /// How many instructions are skipped when it does not.
        public var jumpFalse: UInt8
        /// The operand.
        public var operand: UInt32

        /// Makes an instruction.
        public init(code: UInt16, jumpTrue: UInt8 = 0, jumpFalse: UInt8 = 0, operand: UInt32 = 0) {
            self.code = code
            self.jumpTrue = jumpTrue
            self.jumpFalse = jumpFalse
            self.operand = operand
        }
    }

    /// The most instructions that the kernel takes.
    public static let maximumCount = 4096  // BPF_MAXINSNS

    /// The program.
    public var instructions: [Instruction]

    /// Takes a program.
    public init(_ instructions: [Instruction]) { self.instructions = instructions }

    /// The program as the kernel takes it: eight bytes an instruction.
    var bytes: [UInt8] {
        var writer = MessageWriter(capacity: instructions.count * 8, limit: .max / 2)
        for instruction in instructions {
            writer.append(instruction.code)
            writer.append(instruction.jumpTrue)
            writer.append(instruction.jumpFalse)
            writer.append(instruction.operand)
        }
        return writer.bytes.array
    }
}

/// Builds a ``SocketFilter`` for datagrams that hold netlink messages.
///
/// Jumps go forwards to labels, so that every program ends.
public struct SocketFilterBuilder {
    /// A place in the program to jump to.
    public struct Label: Hashable, Sendable { fileprivate let number: Int }

    private enum Step {
        case plain(code: UInt16, operand: UInt32)
        case jump(Label)
        case jumpIfEqual(UInt32, Label)
        case jumpIfAbove(UInt32, Label)
        case jumpIfEqualIndex(Label)
        case place(Label)
    }

    private var steps: [Step] = []
    private var labelCount = 0

    /// An empty program.
    public init() {}

    /// A label that is still to be placed.
    public mutating func label() -> Label {
        labelCount += 1
        return Label(number: labelCount)
    }

    /// Makes the label mean the next instruction.
    public mutating func place(_ label: Label) { steps.append(.place(label)) }

    /// Ends with the datagram accepted.
    public mutating func accept() { append(.ret, .max) }
    /// Ends with the datagram rejected.
    public mutating func reject() { append(.ret, 0) }

    /// Loads a byte of the datagram.
    public mutating func loadByte(at offset: Int) { append(.loadByte, UInt32(clamping: offset)) }
    /// Loads a 16-bit field in network byte order; see ``jump(ifHostOrder16:to:)``.
    public mutating func loadHalf(at offset: Int) { append(.loadHalf, UInt32(clamping: offset)) }
    /// Loads a 32-bit field in network byte order; see ``jump(ifHostOrder32:to:)``.
    public mutating func loadWord(at offset: Int) { append(.loadWord, UInt32(clamping: offset)) }
    /// Jumps unless the datagram is one message and no more; what is loaded is lost.
    public mutating func jump(unlessSingleMessageTo label: Label) {
        let single = self.label()
        // The message's length byte by byte, for there is no instruction that turns a word around.
        let isLittle = UInt16(1).littleEndian == 1
        for index in 0..<4 {
            loadByte(at: index)
            append(.shiftLeft, UInt32(isLittle ? index * 8 : (3 - index) * 8))
            if index > 0 {
                append(.loadIndexFromMemory, 0)
                append(.or, 0)
            }
            append(.storeToMemory, 0)
        }
        append(.loadIndexLength, 0)
        steps.append(.jumpIfEqualIndex(single))
        jump(to: label)
        place(single)
    }

    /// Loads where an attribute begins, looked for from an offset on; 0 when it is not there.
    public mutating func findAttribute(_ number: UInt16, from offset: Int) {
        append(.loadIndex, UInt32(number))
        append(.loadImmediate, UInt32(clamping: offset))
        append(.loadWord, UInt32(bitPattern: Self.ancillary + Self.attribute))
    }

    /// Loads the 32-bit value of the attribute whose beginning was loaded.
    public mutating func loadAttributeWord() {
        append(.copyToIndex, 0)
        append(.loadWordAtIndex, 4)
    }

    /// Loads the 8-bit value of the attribute whose beginning was loaded.
    public mutating func loadAttributeByte() {
        append(.copyToIndex, 0)
        append(.loadByteAtIndex, 4)
    }

    /// Jumps.
    public mutating func jump(to label: Label) { steps.append(.jump(label)) }
    /// Jumps when a number is loaded.
    public mutating func jump(ifEqual value: UInt32, to label: Label) { steps.append(.jumpIfEqual(value, label)) }
    /// Jumps when a greater number is loaded.
    public mutating func jump(ifAbove value: UInt32, to label: Label) { steps.append(.jumpIfAbove(value, label)) }
    /// Jumps when a 16-bit field was loaded that holds a number in host byte order.
    public mutating func jump(ifHostOrder16 value: UInt16, to label: Label) {
        jump(ifEqual: UInt32(value.bigEndian), to: label)
    }
    /// Jumps when a 32-bit field was loaded that holds a number in host byte order.
    public mutating func jump(ifHostOrder32 value: UInt32, to label: Label) {
        jump(ifEqual: value.bigEndian, to: label)
    }

    private mutating func append(_ operation: Operation, _ operand: UInt32) {
        steps.append(.plain(code: operation.rawValue, operand: operand))
    }

    /// The program; nil when it is longer than the kernel takes, or jumps to a label that was not placed ahead.
    public func build() -> SocketFilter? {
        var places: [Label: Int] = [:]
        var count = 0
        for step in steps {
            switch step {
            case .place(let label): places[label] = count
            case .jumpIfEqual, .jumpIfAbove, .jumpIfEqualIndex: count += 2
            case .plain, .jump: count += 1
            }
        }
        guard count > 0, count <= SocketFilter.maximumCount else { return nil }
        var program: [SocketFilter.Instruction] = []
        for step in steps {
            var target: Label?
            switch step {
            case .place: continue
            case .plain(let code, let operand): program.append(.init(code: code, operand: operand))
            case .jump(let label): target = label
            // Comparisons reach 255 instructions far, jumps everywhere.
            case .jumpIfEqual(let value, let label):
                program.append(.init(code: Operation.jumpIfEqual.rawValue, jumpFalse: 1, operand: value))
                target = label
            case .jumpIfEqualIndex(let label):
                program.append(.init(code: Operation.jumpIfEqualIndex.rawValue, jumpFalse: 1))
                target = label
            case .jumpIfAbove(let value, let label):
                program.append(.init(code: Operation.jumpIfAbove.rawValue, jumpFalse: 1, operand: value))
                target = label
            }
            guard let target else { continue }
            guard let place = places[target], place > program.count, place < count else { return nil }
            program.append(
                .init(code: Operation.jump.rawValue, operand: UInt32(clamping: place - program.count - 1)))
        }
        return SocketFilter(program)
    }

    /// The instructions used, put together of class, size and mode.
    private struct Operation {
        let rawValue: UInt16
        private init(_ parts: UInt16...) { rawValue = parts.reduce(0, |) }

        static var loadWord: Self { Self(Part.load, Part.word, Part.absolute) }
        static var loadHalf: Self { Self(Part.load, Part.half, Part.absolute) }
        static var loadByte: Self { Self(Part.load, Part.byte, Part.absolute) }
        static var loadWordAtIndex: Self { Self(Part.load, Part.word, Part.indirect) }
        static var loadByteAtIndex: Self { Self(Part.load, Part.byte, Part.indirect) }
        static var loadIndexLength: Self { Self(Part.loadIndex, Part.word, Part.length) }
        static var loadImmediate: Self { Self(Part.load, Part.immediate) }
        static var loadIndex: Self { Self(Part.loadIndex, Part.immediate) }
        static var loadIndexFromMemory: Self { Self(Part.loadIndex, Part.memory) }
        static var storeToMemory: Self { Self(Part.store) }
        static var copyToIndex: Self { Self(Part.miscellaneous, Part.toIndex) }
        static var shiftLeft: Self { Self(Part.arithmetic, Part.shiftLeft, Part.constant) }
        static var or: Self { Self(Part.arithmetic, Part.or, Part.index) }
        static var jump: Self { Self(Part.jump, Part.always) }
        static var jumpIfEqual: Self { Self(Part.jump, Part.ifEqual, Part.constant) }
        static var jumpIfEqualIndex: Self { Self(Part.jump, Part.ifEqual, Part.index) }
        static var jumpIfAbove: Self { Self(Part.jump, Part.ifAbove, Part.constant) }
        static var ret: Self { Self(Part.ret, Part.constant) }
    }

    private enum Part {
        static let load: UInt16 = 0x00  // BPF_LD
        static let loadIndex: UInt16 = 0x01  // BPF_LDX
        static let store: UInt16 = 0x02  // BPF_ST
        static let arithmetic: UInt16 = 0x04  // BPF_ALU
        static let jump: UInt16 = 0x05  // BPF_JMP
        static let ret: UInt16 = 0x06  // BPF_RET
        static let miscellaneous: UInt16 = 0x07  // BPF_MISC
        static let word: UInt16 = 0x00  // BPF_W
        static let half: UInt16 = 0x08  // BPF_H
        static let byte: UInt16 = 0x10  // BPF_B
        static let immediate: UInt16 = 0x00  // BPF_IMM
        static let absolute: UInt16 = 0x20  // BPF_ABS
        static let indirect: UInt16 = 0x40  // BPF_IND
        static let memory: UInt16 = 0x60  // BPF_MEM
        static let length: UInt16 = 0x80  // BPF_LEN
        static let or: UInt16 = 0x40  // BPF_OR
        static let shiftLeft: UInt16 = 0x60  // BPF_LSH
        static let always: UInt16 = 0x00  // BPF_JA
        static let ifEqual: UInt16 = 0x10  // BPF_JEQ
        static let ifAbove: UInt16 = 0x20  // BPF_JGT
        static let constant: UInt16 = 0x00  // BPF_K
        static let index: UInt16 = 0x08  // BPF_X
        static let toIndex: UInt16 = 0x00  // BPF_TAX
    }

    private static let ancillary: Int32 = -0x1000  // SKF_AD_OFF
    private static let attribute: Int32 = 12  // SKF_AD_NLATTR
}
