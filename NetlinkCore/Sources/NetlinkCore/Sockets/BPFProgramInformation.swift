// SPDX-License-Identifier: Apache-2.0

/// What the kernel tells about a BPF program.
@_spi(System) public struct BPFProgramInformation: Hashable, Sendable {
    /// The name that it was loaded with, up to its NUL.
    public var name: [UInt8]
    /// A hash of its instructions.
    public var tag: [UInt8]
    /// Whether it was compiled to the processor's instructions.
    public var isCompiled: Bool
    /// When it was loaded, in nanoseconds since the machine started.
    public var loadTime: UInt64
    /// Who loaded it.
    public var user: UInt32

    /// Asks about a program by its number, which takes the capability `CAP_SYS_ADMIN`.
    public init(id: UInt32) throws(SystemError) {
        let open: Int32 = 13  // BPF_PROG_GET_FD_BY_ID
        var attributes = BPFAttributes()
        attributes.store(id, at: 0)  // union bpf_attr.prog_id
        let number = attributes.call(open)
        guard number >= 0 else { throw .last("bpf") }
        let file = FileDescriptor(owning: number)
        self = try Self.ask(file.number)
    }

    private static func ask(_ descriptor: Int32) throws(SystemError) -> BPFProgramInformation {
        let command: Int32 = 15  // BPF_OBJ_GET_INFO_BY_FD
        var block = [UInt64](repeating: 0, count: 10)
        let result = unsafe block.withUnsafeMutableBytes { bytes in
            var attributes = BPFAttributes()
            attributes.store(UInt32(bitPattern: descriptor), at: 0)  // union bpf_attr.info.bpf_fd
            attributes.store(UInt32(bytes.count), at: 4)  // union bpf_attr.info.info_len
            attributes.store(UInt64(UInt(bitPattern: bytes.baseAddress)), at: 8)  // union bpf_attr.info.info
            return attributes.call(command)
        }
        guard result >= 0 else { throw .last("bpf") }
        return unsafe block.withUnsafeBytes { bytes in
            unsafe BPFProgramInformation(
                name: Array(bytes[64..<80].prefix { $0 != 0 }),
                tag: Array(bytes[8..<16]),
                isCompiled: bytes.load(fromByteOffset: 16, as: UInt32.self) != 0,
                loadTime: bytes.load(fromByteOffset: 40, as: UInt64.self),  // struct bpf_prog_info.load_time
                user: bytes.load(fromByteOffset: 48, as: UInt32.self))  // struct bpf_prog_info.created_by_uid
        }
    }

    private init(name: [UInt8], tag: [UInt8], isCompiled: Bool, loadTime: UInt64, user: UInt32) {
        self.name = name
        self.tag = tag
        self.isCompiled = isCompiled
        self.loadTime = loadTime
        self.user = user
    }
}
