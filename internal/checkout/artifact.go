package checkout

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"github.com/gobwas/glob"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/generated"
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

// artifactOf finds the ArtifactGenerator of an ExternalArtifact: the one nearest to the file that means it, as each cluster may have one.
func (s *sources) artifactOf(ref facts.Ref, file string) (artifact, bool) {
	var nearest artifact
	for i, o := range s.objects {
		if o.Ref.Kind != "ArtifactGenerator" || o.Ref.Namespace != ref.Namespace || kinds.Text(o.Body, "spec", "pathPattern") != "" {
			continue
		}
		for _, fields := range kinds.Items(o.Body, "spec", "artifacts") {
			nearer := nearest.generator == nil || len(tree.CommonFolder(o.File, file)) > len(tree.CommonFolder(nearest.generator.File, file))
			if kinds.String(fields, "name") == ref.Name && nearer {
				nearest = artifact{&s.objects[i], fields}
			}
		}
	}
	return nearest, nearest.generator != nil
}

// copied returns the folder of this repository from which the folder of a delivery is copied; false if it comes from another source, or from
// several folders. If all copies are from this repository, and none has the folder, it is tree.NoFolder.
func (s *sources) copied(d *delivery) (folder string, ours bool) {
	a, known := s.artifactOf(d.source.ref, d.File())
	if !known {
		return d.path(), false
	}
	isWhole := true
	for _, c := range generated.Copies(a.fields) {
		origin, ours := s.originOf(a, c)
		rest, below := strings.CutPrefix(d.path()+"/", strings.TrimPrefix(c.To+"/", "./"))
		if ours && origin.folder && (below || c.To == ".") {
			return path.Join(origin.base, strings.TrimPrefix(rest, "./")), true
		}
		isWhole = isWhole && ours && !strings.HasPrefix(c.To+"/", d.path()+"/") // else the folder is made of what is copied below it
	}
	return tree.NoFolder, isWhole && d.path() != "."
}

// origin is where a copy operation takes its files.
type origin struct {
	base    string
	pattern string // of the files, from the root of this repository
	folder  bool   // whole folders are copied
}

// originOf returns where a rule of an artifact takes its files; false if that is not this repository.
func (s *sources) originOf(a artifact, c generated.Copy) (origin, bool) {
	ref, found := sourceOfCopy(a.generator, c)
	if !found {
		return origin{}, false
	}
	from := s.oursOf(ref, a.generator.File)
	if from == nil {
		return origin{}, false
	}
	pattern := path.Join(from.base, c.Pattern)
	base, deep := generated.FolderOf(pattern)
	return origin{base: base, pattern: pattern, folder: deep || s.loader.tree.HasFolder(pattern)}, true
}

// sourceOfCopy returns the source from which an ArtifactGenerator copies.
func sourceOfCopy(generator *manifest.Object, c generated.Copy) (facts.Ref, bool) {
	for _, from := range kinds.Items(generator.Body, "spec", "sources") {
		if kinds.String(from, "alias") == c.Alias {
			return facts.Ref{
				Plane: facts.Control, Group: kinds.FluxSource, Kind: kinds.String(from, "kind"),
				Namespace: cmp.Or(kinds.String(from, "namespace"), generator.Ref.Namespace), Name: kinds.String(from, "name"),
			}, true
		}
	}
	return facts.Ref{}, false
}

// observeGenerators counts what the copy operations of ArtifactGenerators say of their sources.
func (s *sources) observeGenerators() {
	for i, o := range s.objects {
		if o.Ref.Kind != "ArtifactGenerator" {
			continue
		}
		for _, fields := range kinds.Items(o.Body, "spec", "artifacts") {
			for _, c := range generated.Copies(fields) {
				if ref, found := sourceOfCopy(&s.objects[i], c); found {
					s.observeCopy(s.add(sourceKey{ref: ref}, o.File), c)
				}
			}
		}
	}
}

func (s *sources) observeCopy(from *source, c generated.Copy) {
	folder, _ := generated.FolderOf(c.Pattern)
	switch {
	case folder == "." || strings.Contains(folder, "$"):
	case s.matchesAny(folder):
		from.sawPath(folder, true)
	case !c.Optional:
		from.sawPath(folder, false)
	}
}

// oursOf returns the source that a file means if it is this repository.
func (s *sources) oursOf(ref facts.Ref, file string) *source {
	o := s.find(ref, file)
	for key, each := range s.all {
		if key.ref == ref && each.declared == o && each.isOurs {
			return each
		}
	}
	return nil
}

// reportEmptyCopies reports the copy operations for which this repository has no file: source-watcher fails then.
func (s *sources) reportEmptyCopies() {
	for i, o := range s.objects {
		if o.Ref.Kind != "ArtifactGenerator" || kinds.Text(o.Body, "spec", "pathPattern") != "" {
			continue
		}
		for j, fields := range kinds.Items(o.Body, "spec", "artifacts") {
			for _, c := range generated.Copies(fields) {
				a := artifact{&s.objects[i], fields}
				if from, ours := s.originOf(a, c); ours && !c.Optional && !s.matchesAny(from.pattern) {
					at := s.objects[i].At(fmt.Sprintf("spec.artifacts[%d].copy[%d].from", j, c.Index))
					s.loader.problem(manifest.PathAbsent, at, o.Ref, "no file of this repository matches "+c.Pattern)
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
