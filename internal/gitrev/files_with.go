package gitrev

import (
	"errors"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// An object has few and small manifests. More or larger files are not its manifests.
const (
	maxCandidates = 50
	maxManifest   = 1 << 20
)

// filesWith lists the YAML files of a commit that contain an object. A manifest may omit the namespace, because the Kustomization
// may set it. Files with the right namespace have priority.
func (c clone) filesWith(commit string, object facts.Ref) []string {
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

// mentioning lists the YAML files that have lines for the kind and for the name. git grep is much faster than reading the whole
// repository.
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

// fieldPattern returns an extended regular expression for a field in block and flow style, with and without quotes.
func fieldPattern(name, value string) string {
	return `(^|[^[:alnum:]_])` + name + `["']?[[:space:]]*:[[:space:]]*["']?` + regexp.QuoteMeta(value) + `["']?([[:space:],}#]|$)`
}

// manifest holds the fields that identify an object in a file.
type manifest struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Metadata   struct {
		Name      string `yaml:"name"`
		Namespace string `yaml:"namespace"`
	} `yaml:"metadata"`
}

// namespaceIn returns the namespace of the object in text, which may be empty. found is false if text does not contain the
// object. It does not read beyond a syntax error.
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

// is treats a field that the message or the file omits as a match.
func (m manifest) is(object facts.Ref) bool {
	group, _, grouped := strings.Cut(m.APIVersion, "/")
	if object.Group != "" && (!grouped || group != object.Group) {
		return false
	}
	same := object.Namespace == "" || m.Metadata.Namespace == "" || m.Metadata.Namespace == object.Namespace
	return same && m.Kind == object.Kind && m.Metadata.Name == object.Name
}
