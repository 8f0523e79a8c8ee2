// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// What the kernel knows of an MPTCP connection as a whole.
///
/// Kernel: `INET_DIAG_INFO` of a socket of `IPPROTO_MPTCP`, `struct mptcp_info`. What an older kernel does not send is nil.
public struct MPTCPInformation: Hashable, Sendable {
    /// The structure as it came.
    public let bytes: [UInt8]

    /// Takes a structure of any length.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    private func field<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _ type: T.Type = T.self) -> T? {
        try? bytes.rawSpan.load(at: offset, as: T.self)
    }

    /// Additional subflows that are open.
    public var subflows: UInt8? {
        field(0, UInt8.self)  // struct mptcp_info.mptcpi_subflows
    }
    /// Addresses announced to the other side.
    public var addressesSignalled: UInt8? {
        field(1, UInt8.self)  // struct mptcp_info.mptcpi_add_addr_signal
    }
    /// Addresses of the other side taken up.
    public var addressesAccepted: UInt8? {
        field(2, UInt8.self)  // struct mptcp_info.mptcpi_add_addr_accepted
    }
    /// How many additional subflows there may be.
    public var subflowsMaximum: UInt8? {
        field(3, UInt8.self)  // struct mptcp_info.mptcpi_subflows_max
    }
    /// How many addresses may be announced.
    public var addressesSignalledMaximum: UInt8? {
        field(4, UInt8.self)  // struct mptcp_info.mptcpi_add_addr_signal_max
    }
    /// How many announced addresses may be taken up.
    public var addressesAcceptedMaximum: UInt8? {
        field(5, UInt8.self)  // struct mptcp_info.mptcpi_add_addr_accepted_max
    }
    /// Bits of how the connection came about.
    public var flags: UInt32? {
        field(8, UInt32.self)  // struct mptcp_info.mptcpi_flags
    }
    /// Names the connection to the other side.
    public var token: UInt32? {
        field(12, UInt32.self)  // struct mptcp_info.mptcpi_token
    }
    /// The number of the next byte that is to be sent.
    public var writeSequence: UInt64? {
        field(16, UInt64.self)  // struct mptcp_info.mptcpi_write_seq
    }
    /// The number of the first byte without acknowledgement.
    public var sendUnacknowledged: UInt64? {
        field(24, UInt64.self)  // struct mptcp_info.mptcpi_snd_una
    }
    /// The number of the next byte that is awaited.
    public var receiveNext: UInt64? {
        field(32, UInt64.self)  // struct mptcp_info.mptcpi_rcv_nxt
    }
    /// Local addresses in use.
    public var localAddressesUsed: UInt8? {
        field(40, UInt8.self)  // struct mptcp_info.mptcpi_local_addr_used
    }
    /// How many local addresses may be used.
    public var localAddressesMaximum: UInt8? {
        field(41, UInt8.self)  // struct mptcp_info.mptcpi_local_addr_max
    }
    /// 1 where data carries checksums.
    public var isChecksumEnabled: UInt8? {
        field(42, UInt8.self)  // struct mptcp_info.mptcpi_csum_enabled
    }
    /// How often data was sent again.
    public var retransmits: UInt32? {
        field(44, UInt32.self)  // struct mptcp_info.mptcpi_retransmits
    }
    /// Bytes sent again.
    public var bytesRetransmitted: UInt64? {
        field(48, UInt64.self)  // struct mptcp_info.mptcpi_bytes_retrans
    }
    /// Bytes sent.
    public var bytesSent: UInt64? {
        field(56, UInt64.self)  // struct mptcp_info.mptcpi_bytes_sent
    }
    /// Bytes received.
    public var bytesReceived: UInt64? {
        field(64, UInt64.self)  // struct mptcp_info.mptcpi_bytes_received
    }
    /// Bytes acknowledged.
    public var bytesAcknowledged: UInt64? {
        field(72, UInt64.self)  // struct mptcp_info.mptcpi_bytes_acked
    }
    /// All subflows that are open.
    public var subflowsTotal: UInt8? {
        field(80, UInt8.self)  // struct mptcp_info.mptcpi_subflows_total
    }
    /// Milliseconds since data was sent; since Linux 6.10.
    public var lastDataSent: UInt32? {
        field(84, UInt32.self)  // struct mptcp_info.mptcpi_last_data_sent
    }
    /// Milliseconds since data came; since Linux 6.10.
    public var lastDataReceived: UInt32? {
        field(88, UInt32.self)  // struct mptcp_info.mptcpi_last_data_recv
    }
    /// Milliseconds since an acknowledgement came; since Linux 6.10.
    public var lastAcknowledgementReceived: UInt32? {
        field(92, UInt32.self)  // struct mptcp_info.mptcpi_last_ack_recv
    }
}
