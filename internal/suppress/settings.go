package suppress

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
	"github.com/kubectl-choreo/kubectl-choreo/internal/strictyaml"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/lint"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// SettingsFile is the name of the settings, in the root of a repository.
const SettingsFile = ".choreolint.yaml"

const (
	apiVersion   = "kubectl-choreo.dev/v1alpha1"
	settingsKind = "LintConfig"
)

// Settings are those of a repository. The zero value changes nothing.
type Settings struct {
	// Rules change the severity of findings. The last one that matches a finding counts.
	Rules []Rule `yaml:"rules"`
	// ExternalNames are names of objects that are declared elsewhere.
	ExternalNames []ExternalName `yaml:"externalNames"`
	// SkipPaths are patterns of files that are not checked.
	SkipPaths []string `yaml:"skipPaths"`
	// Clusters are the folders or files with which the controllers of each cluster begin, relative to the root.
	Clusters []string `yaml:"clusters"`
	// OpenChoreoVersion is the release that validates objects, such as 1.1; "" if it is to be found.
	OpenChoreoVersion string `yaml:"openchoreoVersion"`
	// StrictSubstitution is that of kustomize-controller's feature gate StrictPostBuildSubstitutions; nil means true.
	StrictSubstitution *bool `yaml:"strictSubstitution"`

	file string
	text []byte
}

// Rule changes the severity of the findings of a code.
type Rule struct {
	Code     string   `yaml:"code"`
	Severity string   `yaml:"severity"` // off, info, warning, error
	Paths    []string `yaml:"paths"`    // patterns of files; none means all
	Reason   string   `yaml:"reason"`   // for readers
}

// ExternalName names objects that are declared elsewhere.
type ExternalName struct {
	Kind      string `yaml:"kind"`
	Namespace string `yaml:"namespace"` // "" for any
	Name      string `yaml:"name"`      // may contain *, ? and [...]
}

const off = "off"

// document is the file format. apiVersion and kind may be missing.
type document struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Settings   `yaml:",inline"`
}

// ParseSettings reads the text of a settings file. Unknown fields are errors.
func ParseSettings(file string, text []byte) (*Settings, error) {
	var d document
	if _, err := strictyaml.Decode(text, &d); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	if cmp.Or(d.APIVersion, apiVersion) != apiVersion || cmp.Or(d.Kind, settingsKind) != settingsKind {
		return nil, fmt.Errorf("read %s: apiVersion %q and kind %q are not %s and %s", file, d.APIVersion, d.Kind, apiVersion, settingsKind)
	}
	s := d.Settings
	s.file, s.text = file, text
	return &s, s.check()
}

// IsRead reports whether the settings are those of a file.
func (s *Settings) IsRead() bool { return s.file != "" }

func (s *Settings) check() error {
	for i, r := range s.Rules {
		if err := r.check(); err != nil {
			return s.errorAt("rules", i, err)
		}
	}
	for i, n := range s.ExternalNames {
		if _, err := path.Match(n.Name, ""); err != nil || n.Kind == "" || n.Name == "" {
			return s.errorAt("externalNames", i, errors.New("an external name has a kind and a name, or a pattern of names such as platform-*"))
		}
	}
	for i, pattern := range s.SkipPaths {
		if err := checkPattern(pattern); err != nil {
			return s.errorAt("skipPaths", i, err)
		}
	}
	for i, folder := range s.Clusters {
		if path.IsAbs(folder) || path.Clean(folder) == ".." || strings.HasPrefix(path.Clean(folder), "../") || folder == "" {
			return s.errorAt("clusters", i, fmt.Errorf("%q is not a path in this repository", folder))
		}
		s.Clusters[i] = path.Clean(folder)
	}
	if s.OpenChoreoVersion != "" && !regexp.MustCompile(`^v?\d+\.\d+(\.\d+)?$`).MatchString(s.OpenChoreoVersion) {
		return fmt.Errorf(`read %s: invalid openchoreoVersion %q: use a release such as "1.1"`, s.file, s.OpenChoreoVersion)
	}
	return nil
}

func (s *Settings) errorAt(field string, index int, err error) error {
	return fmt.Errorf("read %s: line %d: %w", s.file, s.line(field, index), err)
}

func (s *Settings) line(field string, index int) int { return strictyaml.Line(s.text, field, index) }

func (r Rule) check() error {
	if err := checkCode(r.Code); err != nil {
		return err
	}
	if !slices.Contains([]string{off, string(trace.Info), string(trace.Warning), string(trace.Error)}, r.Severity) {
		return fmt.Errorf("invalid severity %q of %s: use off, info, warning or error", r.Severity, r.Code)
	}
	for _, pattern := range r.Paths {
		if err := checkPattern(pattern); err != nil {
			return err
		}
	}
	return nil
}

func checkCode(code string) error {
	if slices.Contains(findings.Codes(), code) {
		return nil
	}
	return fmt.Errorf("unknown code %q%s", code, suggest.DidYouMean(findings.Codes(), code))
}

// External returns the names of objects that are declared elsewhere, for the Repository.
func (s *Settings) External() []manifest.External {
	var all []manifest.External
	for i, n := range s.ExternalNames {
		all = append(all, manifest.External{Kind: n.Kind, Namespace: n.Namespace, Name: n.Name, Place: manifest.Place{File: s.file, Line: s.line("externalNames", i)}})
	}
	return all
}

// Skips reports whether a file is not to be checked.
func (s *Settings) Skips(file string) bool {
	return slices.ContainsFunc(s.SkipPaths, func(pattern string) bool { return matches(pattern, file) })
}

// apply sets the severity of a finding. It returns the index of the rule that turns it off, or -1.
func (s *Settings) apply(f *lint.Finding) int {
	turnedOff := -1
	for i, r := range s.Rules {
		inPath := len(r.Paths) == 0 || slices.ContainsFunc(r.Paths, func(pattern string) bool { return f.File != "" && matches(pattern, f.File) })
		if r.Code != string(f.Code) || !inPath {
			continue
		}
		if turnedOff = -1; r.Severity == off {
			turnedOff = i
		} else {
			f.Severity = trace.Severity(r.Severity)
		}
	}
	return turnedOff
}
