// SPDX-License-Identifier: Apache-2.0
// Of libsodium the one function that is used.
#include <sodium/crypto_scalarmult_curve25519.h>
