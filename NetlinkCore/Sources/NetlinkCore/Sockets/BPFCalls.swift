// SPDX-License-Identifier: Apache-2.0

internal import CNetlink

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The system call about BPF programs, as far as attaching one needs it.
@_spi(System) public enum BPFCalls {
    /// The kind of program that sees packets before anything else does.
    public static var xdpProgram: UInt32 { 6 }  // BPF_PROG_TYPE_XDP

    /// Opens a program or map that is pinned to a path of the BPF file system.
    public static func openPinned(_ path: String) throws(SystemError) -> FileDescriptor {
        let command: Int32 = 7  // BPF_OBJ_GET
        return FileDescriptor(owning: try object(command, path: path, descriptor: 0))
    }

    /// Pins a program or map to a path of the BPF file system, where it lives on without descriptors.
    public static func pin(_ descriptor: Int32, at path: String) throws(SystemError) {
        let command: Int32 = 6  // BPF_OBJ_PIN
        _ = try object(command, path: path, descriptor: descriptor)
    }

    /// Takes a program or map away from a path.
    public static func unpin(_ path: String) throws(SystemError) { try removeFile(path) }

    /// Loads a program of instructions, each as it stands in memory.
    public static func load(
        type: UInt32, instructions: [UInt64], license: String
    ) throws(SystemError) -> FileDescriptor {
        let command: Int32 = 5  // BPF_PROG_LOAD
        let text = license.utf8CString
        let number = unsafe instructions.withUnsafeBytes { code in
            unsafe text.withUnsafeBytes { license in
                var attributes = BPFAttributes()
                attributes.store(type, at: 0)  // union bpf_attr.prog_type
                attributes.store(UInt32(clamping: instructions.count), at: 4)  // union bpf_attr.insn_cnt
                attributes.store(UInt64(UInt(bitPattern: code.baseAddress)), at: 8)  // union bpf_attr.insns
                attributes.store(UInt64(UInt(bitPattern: license.baseAddress)), at: 16)  // union bpf_attr.license
                return attributes.call(command)
            }
        }
        guard number >= 0 else { throw .last("bpf") }
        return FileDescriptor(owning: number)
    }

    private static func object(_ command: Int32, path: String, descriptor: Int32) throws(SystemError) -> Int32 {
        guard !path.utf8.contains(0) else { throw SystemError(EINVAL, call: "bpf") }
        let text = path.utf8CString
        let result = unsafe text.withUnsafeBytes { path in
            var attributes = BPFAttributes()
            attributes.store(UInt64(UInt(bitPattern: path.baseAddress)), at: 0)  // union bpf_attr.pathname
            attributes.store(UInt32(bitPattern: descriptor), at: 8)  // union bpf_attr.bpf_fd
            return attributes.call(command)
        }
        guard result >= 0 else { throw .last("bpf") }
        return result
    }
}

/// The parameters of the call; zero but for what is stored.
struct BPFAttributes {
    // What a kernel does not know must be zero, so that a short block is understood by every one.
    private var words: [6 of UInt64] = [0, 0, 0, 0, 0, 0]

    mutating func store<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at offset: Int) {
        unsafe withUnsafeMutableBytes(of: &words) { unsafe $0.storeBytes(of: value, toByteOffset: offset, as: T.self) }
    }

    mutating func call(_ command: Int32) -> Int32 {
        unsafe withUnsafeMutableBytes(of: &words) { bytes in
            unsafe cnetlink_bpf(command, bytes.baseAddress, UInt32(bytes.count))
        }
    }
}
