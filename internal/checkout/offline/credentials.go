package offline

import (
	"regexp"
	"strings"
)

var (
	// userOfURL is the user information before the host of a URL. It may contain a password or a token.
	userOfURL = regexp.MustCompile(`(://)[^/?#\s'"]*@`)
	// userOfHost is the same without a scheme, as in oauth2:token@github.com/a/b. The user git of git@github.com:a/b is no secret.
	userOfHost = regexp.MustCompile(`[^\s/:@=?&'"]+:[^\s/@'"]+@`)
	queryOfURL = regexp.MustCompile(`\?[^\s#'"]*`)
)

// WithoutCredentials removes the user and password from all URLs in a text. It also removes queries, except the revision that
// kustomize fetches (kustomize api/internal/git/repospec.go).
func WithoutCredentials(text string) string {
	text = userOfURL.ReplaceAllString(text, "$1")
	text = userOfHost.ReplaceAllString(text, "")
	return queryOfURL.ReplaceAllStringFunc(text, func(query string) string {
		var kept []string
		for _, pair := range strings.Split(query[1:], "&") {
			if strings.HasPrefix(pair, "ref=") || strings.HasPrefix(pair, "version=") {
				kept = append(kept, pair)
			}
		}
		if len(kept) == 0 {
			return ""
		}
		return "?" + strings.Join(kept, "&")
	})
}
