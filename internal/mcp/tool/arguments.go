package tool

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
)

// stateArgument is the argument that names a recorded state.
const stateArgument = "snapshot"

// Form is the argument of all tools that return data on request.
type Form struct {
	Structured bool `json:"structured,omitempty" jsonschema:"true returns JSON instead of text"`
}

// Recorded is the argument that names a recorded state.
type Recorded struct {
	Snapshot string `json:"snapshot,omitempty" jsonschema:"name of a recorded state, if several have the component; see the resource choreo://snapshots"`
}

// Check refuses names that are too long.
func (r Recorded) Check() error {
	if len(r.Snapshot) > 1000 {
		return errors.New("invalid snapshot: the name is too long")
	}
	return nil
}

// Component names a component or an object, and what of it is wanted.
type Component struct {
	Recorded

	Name        string `json:"component,omitempty" jsonschema:"name of the component; or KIND/NAME of any object that leads to one, such as pod/cart-7d4c or kustomization/apps"`
	Environment string `json:"environment,omitempty" jsonschema:"only this environment"`
	Revision    string `json:"revision,omitempty" jsonschema:"wanted Git revision: a commit, a tag or a branch; default: the one that the source fetched last"`
}

// Check refuses names that no object can have, before they become part of a request.
func (c Component) Check() error {
	return errors.Join(c.Recorded.Check(), checkComponent(c.Name), CheckName("environment", c.Environment), CheckRevision("revision", c.Revision))
}

// Query is what the arguments name.
func (c Component) Query() Query {
	q := Query{Name: c.Name, Revision: c.Revision, State: c.Snapshot}
	if c.Environment != "" {
		q.Environments = []string{c.Environment}
	}
	return q
}

func checkComponent(name string) error {
	kind, rest, isObject := strings.Cut(name, "/")
	if !isObject {
		return CheckName("component", name)
	}
	if len(kinds.ByResource(kind)) == 0 {
		return fmt.Errorf("invalid component: unknown kind %q; use the name of a component, or KIND/NAME", shortened(kind))
	}
	return CheckName("component", rest)
}

// CheckName refuses what cannot be the name of an object.
func CheckName(argument, name string) error {
	if name == "" {
		return nil
	}
	if err := reference.Name(name); err != nil {
		return fmt.Errorf("invalid %s %q: not the name of an object", argument, shortened(name))
	}
	return nil
}

// revision is a commit, a tag or a branch. It cannot be taken for a flag.
var revision = regexp.MustCompile(`^[A-Za-z0-9][-A-Za-z0-9._/+]{0,254}$`)

// CheckRevision refuses what cannot be a Git revision.
func CheckRevision(argument, value string) error {
	if value != "" && !revision.MatchString(value) {
		return fmt.Errorf("invalid %s %q: use a commit, a tag or a branch", argument, shortened(value))
	}
	return nil
}

func shortened(s string) string { return s[:min(len(s), 60)] }

// mostNames limits the components of one call.
const mostNames = 50

// Selection selects components of the namespace.
type Selection struct {
	Recorded

	Names       []string `json:"components,omitempty" jsonschema:"names of components; default: all of the namespace"`
	Project     string   `json:"project,omitempty" jsonschema:"only the components of this project"`
	Environment string   `json:"environment,omitempty" jsonschema:"only this environment"`
}

// Check refuses names that no object can have, before they become part of a request.
func (s Selection) Check() error {
	errs := []error{s.Recorded.Check(), CheckName("project", s.Project), CheckName("environment", s.Environment)}
	if len(s.Names) > mostNames {
		errs = append(errs, fmt.Errorf("invalid components: %d names; use at most %d, or none for all", len(s.Names), mostNames))
	}
	for _, name := range s.Names[:min(len(s.Names), mostNames)] {
		errs = append(errs, CheckName("components", name))
		if name == "" {
			errs = append(errs, errors.New("invalid components: a name is empty"))
		}
	}
	return errors.Join(errs...)
}

// Environments is the environment of the arguments, if they have one.
func (s Selection) Environments() []string {
	if s.Environment == "" {
		return nil
	}
	return []string{s.Environment}
}
