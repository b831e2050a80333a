package facts

import "strings"

// Unauthorized is the prefix of the Reason of a Forbidden result if the API server could not authenticate the user: 401, and not
// 403. The user has to log in again; no permission is missing.
const Unauthorized = "Unauthorized"

// IsUnauthorized reports whether a Reason is that of a 401.
func IsUnauthorized(reason string) bool {
	return reason == Unauthorized || strings.HasPrefix(reason, Unauthorized+": ")
}
