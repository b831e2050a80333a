package versions

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"

	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
)

var exactVersion = regexp.MustCompile(`^[v=\s]*(\d+\.\d+)\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)

// releaseOf returns the release of a version, or the newest known release that a range of versions allows; "" if that is not known.
func releaseOf(version string) string {
	version = strings.TrimSpace(version)
	if m := exactVersion.FindStringSubmatch(version); m != nil {
		return m[1]
	}
	allowed, err := semver.NewConstraint(version)
	if err != nil || version == "" {
		return ""
	}
	for _, release := range slices.Backward(schemas.Releases()) {
		for patch := range 100 {
			if v, err := semver.NewVersion(fmt.Sprintf("%s.%d", release, patch)); err == nil && allowed.Check(v) {
				return release
			}
		}
	}
	return ""
}

// olderVersion compares two releases, such as 1.9 and 1.10.
func olderVersion(a, b string) bool {
	first, errFirst := semver.NewVersion(a)
	second, errSecond := semver.NewVersion(b)
	return errFirst == nil && errSecond == nil && first.LessThan(second)
}
