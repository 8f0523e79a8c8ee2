// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What tells the calling thread from others.
func threadIdentity() -> UInt { UInt(pthread_self()) }

/// Sleeps for a tenth of a millisecond.
func sleepBriefly() { usleep(100) }

/// Ends the process at once.
func endProcess(_ status: Int32) { _exit(status) }
