package checkout

import (
	"path"
	"strings"

	"github.com/gobwas/glob"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// artifact is one entry of an ArtifactGenerator, which source-watcher makes an ExternalArtifact of (source-watcher v2.3
// api/v1beta1/artifactgenerator_types.go).
type artifact struct {
	generator *manifest.Object
	fields    map[string]any
}

// artifactOf finds the ArtifactGenerator of an ExternalArtifact.
func (s *sources) artifactOf(ref facts.Ref) (artifact, bool) {
	for i, o := range s.objects {
		if o.Ref.Kind != "ArtifactGenerator" || o.Ref.Namespace != ref.Namespace || kinds.Text(o.Body, "spec", "pathPattern") != "" {
			continue
		}
		for _, fields := range kinds.Items(o.Body, "spec", "artifacts") {
			if kinds.String(fields, "name") == ref.Name {
				return artifact{&s.objects[i], fields}, true
			}
		}
	}
	return artifact{}, false
}

// copied returns the folder of this repository from which a folder of an ExternalArtifact is copied; false if it comes from
// another source, or from several folders.
func (s *sources) copied(from *source, folder string) (string, bool) {
	a, known := s.artifactOf(from.ref)
	if !known {
		return folder, false
	}
	for _, c := range copies(a.fields) {
		origin, ours := s.originOf(a, c)
		rest, below := strings.CutPrefix(folder+"/", strings.TrimPrefix(c.to+"/", "./"))
		if ours && origin.folder && (below || c.to == ".") {
			return path.Join(origin.base, strings.TrimPrefix(rest, "./")), true
		}
	}
	return folder, false
}

// copyRule is one copy operation.
type copyRule struct {
	index     int
	alias, to string
	pattern   string // of the files of the source
	optional  bool
}

func copies(fields map[string]any) []copyRule {
	var rules []copyRule
	for i, c := range kinds.Items(&unstructured.Unstructured{Object: fields}, "copy") {
		alias, pattern, _ := strings.Cut(strings.TrimPrefix(kinds.String(c, "from"), "@"), "/")
		_, to, _ := strings.Cut(kinds.String(c, "to"), "/")
		optional, _ := c["optional"].(bool)
		rules = append(rules, copyRule{index: i, alias: alias, pattern: cleanPath(pattern), to: cleanPath(to), optional: optional})
	}
	return rules
}

// origin is where a copy operation takes its files.
type origin struct {
	base   string
	folder bool // whole folders are copied
}

// originOf returns where a rule of an artifact takes its files; false if that is not this repository.
func (s *sources) originOf(a artifact, c copyRule) (origin, bool) {
	for _, from := range kinds.Items(a.generator.Body, "spec", "sources") {
		if kinds.String(from, "alias") != c.alias {
			continue
		}
		ref := facts.Ref{Plane: facts.Control, Group: kinds.FluxSource, Kind: kinds.String(from, "kind"), Namespace: a.generator.Ref.Namespace, Name: kinds.String(from, "name")}
		if namespace := kinds.String(from, "namespace"); namespace != "" {
			ref.Namespace = namespace
		}
		base, deep := strings.CutSuffix(c.pattern, "/**")
		if c.pattern == "**" {
			base, deep = ".", true
		}
		return origin{base, deep || s.loader.tree.HasFolder(c.pattern)}, s.isOurs(ref, a.generator.File)
	}
	return origin{}, false
}

// isOurs reports whether the source that a file means is this repository.
func (s *sources) isOurs(ref facts.Ref, file string) bool {
	o := s.find(ref, file)
	for key, each := range s.all {
		if key.ref == ref && each.declared == o && each.isOurs {
			return true
		}
	}
	return false
}

// reportEmptyCopies reports the copy operations for which this repository has no file: source-watcher fails then.
func (s *sources) reportEmptyCopies() {
	for i, o := range s.objects {
		if o.Ref.Kind != "ArtifactGenerator" || kinds.Text(o.Body, "spec", "pathPattern") != "" {
			continue
		}
		for j, fields := range kinds.Items(o.Body, "spec", "artifacts") {
			for _, c := range copies(fields) {
				a := artifact{&s.objects[i], fields}
				if _, ours := s.originOf(a, c); ours && !c.optional && !s.matchesAny(c.pattern) {
					at := s.objects[i].At(fieldPath("spec.artifacts[%d].copy[%d].from", j, c.index))
					s.loader.problem(manifest.PathAbsent, at, o.Ref, "no file of this repository matches "+c.pattern)
				}
			}
		}
	}
}

// matchesAny reports whether a pattern is a file, a folder, or matches a file.
func (s *sources) matchesAny(pattern string) bool {
	if s.loader.tree.HasFolder(pattern) {
		return true
	}
	matcher, err := glob.Compile(pattern, '/')
	if err != nil {
		return true // not known
	}
	for _, name := range s.loader.tree.Names {
		if matcher.Match(name) || tree.Below(name, pattern) {
			return true
		}
	}
	return false
}
