package remote

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// checkURL refuses a URL that git could take for an option, or that uses a protocol which is not allowed, such as ext::, which runs a
// program.
func checkURL(address string, protocols []string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return errors.New("the URL of the source is invalid")
	case !slices.Contains(protocols, u.Scheme):
		return fmt.Errorf("the URL of the source has the scheme %q: use --revision with a commit, tag or branch", u.Scheme)
	case u.Scheme == "file":
		return nil
	case u.Host == "" || strings.HasPrefix(u.Host, "-") || strings.HasPrefix(u.User.Username(), "-"):
		return errors.New("the URL of the source has an invalid host")
	case strings.ContainsFunc(address, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }):
		return errors.New("the URL of the source has invalid characters")
	}
	return nil
}

// checkRef refuses what is no name of a reference, or a pattern (git-check-ref-format(1)).
func checkRef(ref string) error {
	invalid := !strings.HasPrefix(ref, "refs/") || len(ref) > 250 || strings.HasSuffix(ref, "/") || strings.HasSuffix(ref, ".lock") ||
		strings.Contains(ref, "..") || strings.Contains(ref, "@{") || strings.Contains(ref, "//") || strings.Contains(ref, "/.") ||
		strings.Contains(ref, "/-") || strings.ContainsAny(ref, `~^:?*[\`) ||
		strings.ContainsFunc(ref, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) })
	if invalid {
		return errors.New("the branch, tag or reference of the source is invalid")
	}
	return nil
}

// withoutUser is a URL as it may be shown.
func withoutUser(address string) string {
	scheme, rest, found := strings.Cut(address, "://")
	if !found {
		return address
	}
	authority, path, hasPath := strings.Cut(rest, "/")
	authority = authority[strings.LastIndex(authority, "@")+1:]
	if hasPath {
		path = "/" + path
	}
	return scheme + "://" + authority + path
}
