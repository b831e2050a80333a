package gitrev

import (
	"errors"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// The files that hold an object are few and small; more or larger ones are no manifests of it.
const (
	maxCandidates = 50
	maxManifest   = 1 << 20
)

// holding lists the YAML files of a commit that hold an object. Where a file leaves out the namespace, the Kustomization
// may give it one; but a file that gives the right one speaks louder.
func (c clone) holding(commit string, object facts.Ref) []string {
	var sure, likely []string
	for _, file := range c.mentioning(commit, object) {
		text, err := c.git("cat-file", "blob", commit+":"+file)
		if err != nil || len(text) > maxManifest {
			continue
		}
		switch namespace, found := namespaceIn(text, object); {
		case found && namespace == object.Namespace:
			sure = append(sure, file)
		case found:
			likely = append(likely, file)
		}
	}
	if len(sure) > 0 {
		return sure
	}
	return likely
}

// mentioning lists the YAML files that have lines for the kind and for the name. Git is quick at that, where reading a
// whole repository is not.
func (c clone) mentioning(commit string, object facts.Ref) []string {
	out, err := c.git("grep", "-l", "-z", "-E", "--full-name", "--no-color", "--no-recurse-submodules", "--all-match",
		"-e", fieldPattern("kind", object.Kind), "-e", fieldPattern("name", object.Name),
		commit, "--", ":(top)*.yaml", ":(top)*.yml")
	if err != nil {
		return nil
	}
	files := strings.Split(strings.Trim(out, "\x00"), "\x00")
	if len(files) > maxCandidates {
		return nil
	}
	for i := range files {
		files[i] = strings.TrimPrefix(files[i], commit+":")
	}
	return files
}

// fieldPattern finds a field in block and in flow style, with and without quotes, as an extended regular expression.
func fieldPattern(name, value string) string {
	return `(^|[^[:alnum:]_])` + name + `["']?[[:space:]]*:[[:space:]]*["']?` + regexp.QuoteMeta(value) + `["']?([[:space:],}#]|$)`
}

// manifest is what identifies an object in a file.
type manifest struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Metadata   struct {
		Name      string `yaml:"name"`
		Namespace string `yaml:"namespace"`
	} `yaml:"metadata"`
}

// namespaceIn is the namespace that text gives the object, which may be none; found is false where text does not hold
// the object. What stands behind a syntax error is not seen.
func namespaceIn(text string, object facts.Ref) (namespace string, found bool) {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var m manifest
		var wrongType *yaml.TypeError
		switch err := decoder.Decode(&m); {
		case errors.Is(err, io.EOF):
			return "", false
		case errors.As(err, &wrongType):
			continue
		case err != nil:
			return "", false
		case m.is(object):
			return m.Metadata.Namespace, true
		}
	}
}

// is leaves open what a message or a file leaves out.
func (m manifest) is(object facts.Ref) bool {
	group, _, grouped := strings.Cut(m.APIVersion, "/")
	if object.Group != "" && (!grouped || group != object.Group) {
		return false
	}
	same := object.Namespace == "" || m.Metadata.Namespace == "" || m.Metadata.Namespace == object.Namespace
	return same && m.Kind == object.Kind && m.Metadata.Name == object.Name
}
