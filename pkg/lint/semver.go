package lint

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
)

// number is a version without its suffixes. A part that is not given, or x, is -1.
type number [3]int

var (
	exactVersion = regexp.MustCompile(`^[v=\s]*(\d+\.\d+)\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)
	comparison   = regexp.MustCompile(`(>=|=>|<=|=<|!=|~>|[><=~^])?\s*v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:-[0-9A-Za-z.-]+)?`)
	hyphenRange  = regexp.MustCompile(`(\S+)\s+-\s+(\S+)`)
)

// releaseOf returns the release of a version, or the newest known release that a range of versions allows; "" if that is not known.
func releaseOf(version string) string {
	version = strings.TrimSpace(version)
	if m := exactVersion.FindStringSubmatch(version); m != nil {
		return m[1]
	}
	if version == "" || strings.ContainsAny(version, "${") {
		return ""
	}
	for _, release := range slices.Backward(schemas.Releases()) {
		for patch := range 100 {
			n := parseNumber(release + "." + strconv.Itoa(patch))
			if slices.ContainsFunc(strings.Split(version, "||"), func(all string) bool { return allows(all, n) }) {
				return release
			}
		}
	}
	return ""
}

// allows reports whether a version meets all comparisons of a range (Masterminds/semver v3, which Flux uses, constraints.go).
func allows(all string, n number) bool {
	all = hyphenRange.ReplaceAllString(all, ">=$1 <=$2")
	found := comparison.FindAllStringSubmatch(all, -1)
	if strings.Trim(comparison.ReplaceAllString(all, ""), " ,") != "" {
		return false // a tag, not a range
	}
	for _, m := range found {
		if !meets(m[1], number{part(m[2]), part(m[3]), part(m[4])}, n) {
			return false
		}
	}
	return len(found) > 0
}

func meets(operator string, limit, n number) bool {
	order := limit.compare(n)
	switch operator {
	case ">=", "=>":
		return order <= 0
	case ">":
		return order < 0
	case "<=", "=<":
		return order >= 0
	case "<":
		return order > 0
	case "!=":
		return order != 0
	case "~", "~>":
		return order <= 0 && n[0] == limit[0] && (limit[1] < 0 || n[1] == limit[1])
	case "^":
		return order <= 0 && n[0] == limit[0]
	}
	return order == 0
}

// compare compares the given parts of the limit.
func (limit number) compare(n number) int {
	for i, p := range limit {
		if p < 0 {
			return 0
		}
		if c := cmp.Compare(p, n[i]); c != 0 {
			return c
		}
	}
	return 0
}

func part(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

func parseNumber(version string) number {
	n := number{-1, -1, -1}
	for i, p := range strings.SplitN(version, ".", 3) {
		n[i] = part(p)
	}
	return n
}

// olderVersion compares two releases, such as 1.9 and 1.10.
func olderVersion(a, b string) bool { return parseNumber(a).compare(parseNumber(b)) < 0 }
