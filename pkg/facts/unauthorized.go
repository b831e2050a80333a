package facts

import "strings"

// Unauthorized begins the Reason of a Forbidden answer where the API server did not know who asked: 401, and not 403. No right
// is missing then; somebody must log in again.
const Unauthorized = "Unauthorized"

// IsUnauthorized reports whether a Reason is that of a 401.
func IsUnauthorized(reason string) bool {
	return reason == Unauthorized || strings.HasPrefix(reason, Unauthorized+": ")
}
