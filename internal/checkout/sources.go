package checkout

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/generated"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/pushed"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// source is where deliveries take their folders from: an object of Flux, or the repository that an Application names itself.
type source struct {
	ref      facts.Ref // the zero Ref for the repository of an Application
	url      string
	revision string // the branch, tag or commit; "" for the default branch
	ignore   string // spec.ignore
	declared *manifest.Object
	isOurs   bool
	base     string // the folder of this repository that is the root of the source
	// What the paths of its deliveries show.
	present, absent int
	paths           []string // without the root
	holdsItself     bool     // a delivery applies its own object
}

// sources are those of all deliveries.
type sources struct {
	loader *loader
	all    map[sourceKey]*source
	// objects are the source objects in files, with those that a FluxInstance or a ResourceSet generates.
	objects  []manifest.Object
	commands *pushed.Commands // nil until needed
}

// sourceKey identifies a source. Several clusters may have a source of the same name.
type sourceKey struct {
	ref facts.Ref
	// url is that of the repository, or the file of the ArtifactGenerator.
	url, revision string
	ignore        string // spec.ignore: several clusters may have the same repository, and leave out the folders of the others
}

// newSources decides for the source of each delivery whether it is this repository. own returns those of the URLs that are
// remotes of the clone, and whether it has any.
func newSources(l *loader, all []*delivery, own func(urls []string) (own []string, remotes bool)) *sources {
	s := &sources{loader: l, all: map[sourceKey]*source{}}
	for _, name := range l.tree.Names {
		for _, d := range l.files.Documents[name] {
			s.declare(manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: name})
		}
	}
	for _, d := range all {
		s.assign(d)
		s.observe(d)
	}
	s.observeGenerators()
	var urls []string
	for _, each := range s.all {
		urls = append(urls, each.url)
	}
	ours, remotes := own(urls)
	s.decide(ours, remotes)
	for _, each := range s.all {
		if each.isOurs {
			l.tree.Outside = append(l.tree.Outside, each.outside(l.tree)...)
		}
	}
	for _, d := range all {
		s.place(d)
	}
	return s
}

func (s *sources) declare(o manifest.Object) {
	if o.Ref.Group == kinds.FluxSource || o.Ref.Group == kinds.FluxExtension {
		s.objects = append(s.objects, o)
	}
	if !generated.Generates(o.Ref) {
		return
	}
	for _, made := range generated.From(o.Body, s.loader.tree) {
		s.declare(manifest.Object{Ref: manifest.RefOf(made), Body: made, Document: o.Document, File: o.File})
	}
}

// assign finds the source of a delivery, new or known.
func (s *sources) assign(d *delivery) {
	ref := engines.All().SourceOf(facts.Object{Ref: d.Ref, Body: d.Body})
	d.source = s.add(sourceKey{ref: ref, url: d.Content.URL, revision: d.Content.Revision}, d.File())
}

// add returns the source that a file means, new or known.
func (s *sources) add(key sourceKey, file string) *source {
	o := s.find(key.ref, file)
	if a, found := s.artifactOf(key.ref, file); found && key.ref.Kind == "ExternalArtifact" {
		key.url = a.generator.File
	}
	if o != nil {
		key.url, key.revision, key.ignore = cmp.Or(kinds.Text(o.Body, "spec", "url"), key.url), revisionOf(*o), kinds.Text(o.Body, "spec", "ignore")
	}
	if s.all[key] == nil {
		s.all[key] = &source{ref: key.ref, url: key.url, revision: key.revision, ignore: key.ignore, declared: o, base: "."}
	}
	return s.all[key]
}

// revisionOf returns spec.ref of a GitRepository in one string (source-controller v1.9.3 api/v1/gitrepository_types.go).
func revisionOf(o manifest.Object) string {
	for _, field := range []string{"commit", "name", "semver", "tag", "branch"} {
		if value := kinds.Text(o.Body, "spec", "ref", field); value != "" {
			return value
		}
	}
	return ""
}

// find returns the source object that a file means: the one nearest to it. A kustomization.yaml may set its namespace.
func (s *sources) find(ref facts.Ref, file string) *manifest.Object {
	var nearest *manifest.Object
	for i, o := range s.objects {
		same := o.Ref.Kind == ref.Kind && o.Ref.Name == ref.Name && (o.Ref.Namespace == ref.Namespace || o.Ref.Namespace == "")
		if same && (nearest == nil || len(tree.CommonFolder(o.File, file)) > len(tree.CommonFolder(nearest.File, file))) {
			nearest = &s.objects[i]
		}
	}
	return nearest
}

// observe counts what the path of a delivery shows about its source. The root of a repository is no evidence: every repository
// has one.
func (s *sources) observe(d *delivery) {
	p := d.path()
	switch {
	case p == "." || strings.Contains(p, "$") || tree.BelowAny(p, d.source.included()) || tree.BelowAny(p, s.loader.tree.Submodules):
	default:
		present := s.loader.tree.HasFolder(p)
		d.source.sawPath(p, present)
		d.source.holdsItself = d.source.holdsItself || present && strings.HasPrefix(d.File(), p+"/")
	}
}

// decide decides for each source whether it is this repository: by the remotes of the clone, else by the paths.
func (s *sources) decide(ours []string, remotes bool) {
	byURL := false
	for _, each := range s.all {
		each.isOurs = slices.Contains(ours, each.url)
		byURL = byURL || each.isOurs
	}
	repositories := map[sourceKey]bool{}
	for key, each := range s.all {
		if key.ignore = ""; each.declared == nil || each.ref.Kind == "GitRepository" {
			repositories[key] = true
		}
	}
	for _, each := range s.all {
		if !each.isOurs {
			each.isOurs = s.looksLikeOurs(each, byURL, remotes, len(repositories) == 1 || s.isOnlyDeclared(each))
		}
	}
	s.dropOtherRevisions()
}

// isOnlyDeclared reports whether nothing declares the other sources, and their deliveries have fewer folders here: such a name may be mistyped.
func (s *sources) isOnlyDeclared(each *source) bool {
	for _, other := range s.all {
		isSame := other.ref == each.ref && other.url == each.url && other.revision == each.revision
		if !isSame && (other.declared == nil || other.ref.Kind == "GitRepository") && (other.url != "" || other.present >= each.present) {
			return false
		}
	}
	return each.url != ""
}

// looksLikeOurs judges a source whose URL is none of the remotes: it may have another name for this repository, as in a mirror. alone means
// that there is no other one. It may still be another repository, as in an example: then none of its paths is here.
func (s *sources) looksLikeOurs(each *source, byURL, remotes, alone bool) bool {
	switch {
	case each.ref.Kind == "ExternalArtifact":
		return false // decided by its ArtifactGenerator
	case each.ref.Kind == "OCIRepository" || each.ref.Kind == "Bucket":
		return s.findRoot(each)
	case each.url == "": // nothing declares it
		return each.present > 0 || alone && each.absent == 0
	case byURL:
		return false
	case remotes:
		return each.holdsItself || alone && (each.present > 0 || each.absent == 0)
	}
	return alone && (each.present > 0 || len(each.paths) < 2) || each.present > 0 && each.absent == 0 || each.holdsItself
}

// dropOtherRevisions: of several revisions of this repository, the checkout is the one that its deliveries fit best.
func (s *sources) dropOtherRevisions() {
	best := map[string]*source{}
	better := func(a, b *source) bool {
		return cmp.Or(boolean(a.holdsItself)-boolean(b.holdsItself), a.present-b.present, b.absent-a.absent, cmp.Compare(b.revision, a.revision)) > 0
	}
	for _, each := range s.all {
		each.isOurs = each.isOurs && !s.isOtherBranch(each)
	}
	for _, each := range s.all {
		if each.isOurs && each.url != "" && (best[each.url] == nil || better(each, best[each.url])) {
			best[each.url] = each
		}
	}
	for _, each := range s.all {
		if each.isOurs && each.url != "" && each.revision != best[each.url].revision {
			each.isOurs = false
		}
	}
}

// isOtherBranch reports whether a GitRepository names another branch than the one that is checked out, and no folder of its deliveries
// is here.
func (s *sources) isOtherBranch(each *source) bool {
	return each.declared != nil && s.loader.branch != "" && each.revision != s.loader.branch &&
		each.revision == kinds.Text(each.declared.Body, "spec", "ref", "branch") && each.revision != "" && each.present == 0
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// place finds the folder of this repository that a delivery applies. It returns false if that is in another repository.
func (s *sources) place(d *delivery) bool {
	if d.source == nil {
		s.assign(d)
	}
	d.Folder, d.Ignore = path.Join(d.source.base, d.path()), d.source.ignored()
	theirs := s.loader.tree.IsOutside(d.Folder) && tree.BelowAny(d.Folder, d.source.outside(s.loader.tree))
	d.isOurs = d.source.isOurs && !theirs
	if d.source.ref.Kind == "ExternalArtifact" {
		d.Folder, d.isOurs = s.copied(d)
	}
	return d.isOurs
}
