package lint

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// Options are facts about the clusters that a repository need not contain.
type Options struct {
	// OpenChoreoVersion is the release by whose definitions objects are checked, such as 1.1; "" for that of OpenChoreo's chart in
	// the repository, or the newest one.
	OpenChoreoVersion string
}

// OpenChoreoVersions returns the releases of OpenChoreo that can be checked, the newest one last.
func OpenChoreoVersions() []string { return schemas.Releases() }

// Report is the result of all rules.
type Report struct {
	Findings []Finding
	// OpenChoreoVersions are the releases by whose definitions objects were checked.
	OpenChoreoVersions []string
	// Unchecked counts the objects, by API version and kind, whose definition is not known. No schema was applied to them.
	Unchecked map[string]int
}

// Check applies all rules. The findings are in the order of files and lines, each said once. An error means that the
// embedded definitions cannot be used, which is a defect of this program.
func Check(r *manifest.Repository, o Options) (Report, error) { return check(r, schemas.New(), o) }
