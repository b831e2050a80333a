package offline

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/resource"
	kustomize "sigs.k8s.io/kustomize/api/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// isURL reports whether kustomize downloads a file with this name (kustomize api/internal/loader/fileloader.go:IsRemoteFile).
func isURL(name string) bool {
	u, err := url.Parse(name)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https")
}

// isClone reports whether kustomize runs git clone for a folder with this name. An Origin contains a repository for exactly these
// names (kustomize api/resource/origin.go:Append).
func isClone(name string) bool {
	if len(name) >= 5 && strings.EqualFold(name[:5], "git::") {
		name = name[5:] // kustomize removes this prefix and logs the removal
	}
	return (&resource.Origin{}).Append(name).Repo != ""
}

// IsRemote reports whether kustomize downloads or clones an entry.
func IsRemote(entry string) bool { return isURL(entry) || isClone(entry) }

// removedEntry is a value that is removed from a kustomization.yaml or from a plugin configuration.
type removedEntry struct {
	file, value string
	objects     bool // the entry would have added objects
	built       bool // the entry is a local folder from which kustomize builds a plugin configuration
	chart       bool // the value is the name of a Helm chart
	patch       bool // the entry would have changed objects
}

func (e removedEntry) message() string {
	switch {
	case e.chart:
		return e.origin() + " was not checked: charts are not inflated without their repository"
	case e.built:
		return WithoutCredentials(e.value) + " was not checked: it changes the configuration of a plugin before the plugin reads it"
	case e.value == "":
		return "the configuration of a plugin was not checked: it cannot be decoded"
	}
	return WithoutCredentials(e.value) + " is not in this repository and was not checked"
}

// origin reports where the objects of the entry come from.
func (e removedEntry) origin() string {
	if e.chart {
		return "the Helm chart " + e.value
	}
	return e.value
}

// cleaner removes all entries from one kustomization that kustomize would download or clone.
type cleaner struct {
	tree   *tree.Tree
	folder string
	// noCharts removes the Helm charts as well.
	noCharts bool
	// changed means that the kustomization differs from the file.
	changed bool
	report  func(removedEntry)
}

// clean removes remote entries from all fields. kustomize api/types/kustomization.go defines which fields contain paths;
// TestEveryFieldIsKnown fails for a new field.
func (c *cleaner) clean(k *kustomize.Kustomization) {
	k.Resources = c.roots(k.Resources)
	k.Components = drop(k.Components, func(s string) bool { return c.gone(isURL(s) || isClone(s) || c.isOutside(s), s, true) })
	k.Generators = c.plugins(k.Generators, true)
	k.Transformers = c.plugins(k.Transformers, false)
	k.Validators = c.plugins(k.Validators, false)

	k.Configurations = drop(k.Configurations, c.file)
	k.Crds = drop(k.Crds, c.file)
	if c.file(k.OpenAPI["path"]) {
		delete(k.OpenAPI, "path")
	}
	isRemotePatch := func(p kustomize.Patch) bool { return c.patch(p.Path) }
	k.Patches = drop(k.Patches, isRemotePatch)
	k.PatchesJson6902 = drop(k.PatchesJson6902, isRemotePatch)                                                                        //nolint:staticcheck // kustomize still builds from it
	k.PatchesStrategicMerge = drop(k.PatchesStrategicMerge, func(p kustomize.PatchStrategicMerge) bool { return c.patch(string(p)) }) //nolint:staticcheck // kustomize still builds from it
	k.Replacements = drop(k.Replacements, func(r kustomize.ReplacementField) bool { return c.file(r.Path) })
	for i := range k.ConfigMapGenerator {
		c.pairs(&k.ConfigMapGenerator[i].KvPairSources)
	}
	for i := range k.SecretGenerator {
		c.pairs(&k.SecretGenerator[i].KvPairSources)
	}
	c.charts(k)
}

func (c *cleaner) pairs(sources *kustomize.KvPairSources) {
	sources.FileSources = drop(sources.FileSources, func(s string) bool {
		_, file, _ := strings.Cut(s, "=") // "key=file"
		return c.gone(isURL(s) || isURL(file) || c.isOutside(cmp.Or(file, s)), s, false)
	})
	sources.EnvSources = drop(sources.EnvSources, c.file)
	if c.file(sources.EnvSource) {
		sources.EnvSource = ""
	}
}

// roots handles files, folders and repositories. Kustomize tries the file first (kustomize
// api/internal/target/kusttarget.go:accumulateResources). So a file github.com/a/b in the checkout is that file, but a folder of
// that name is a clone.
func (c *cleaner) roots(entries []string) []string {
	entries = drop(entries, func(s string) bool { return c.gone(c.isRemoteRoot(s), s, true) })
	for i, entry := range entries {
		if isClone(entry) {
			entries[i], c.changed = "./"+entry, true // the same file, but never a URL
		}
	}
	return entries
}

func (c *cleaner) isRemoteRoot(entry string) bool {
	_, isFile := c.tree.Files[resolve(c.folder, entry)]
	return isURL(entry) || isClone(entry) && !isFile || c.isOutside(entry)
}

// isOutside reports whether an entry is in a Git submodule, or in what spec.include of a GitRepository copies.
func (c *cleaner) isOutside(entry string) bool { return c.tree.IsOutside(resolve(c.folder, entry)) }

// file reports whether a file would be downloaded, or comes from another repository. It records the removal.
func (c *cleaner) file(name string) bool {
	return c.remove(c.isRemoteFile(name), removedEntry{value: name})
}

func (c *cleaner) patch(name string) bool {
	return c.remove(c.isRemoteFile(name), removedEntry{value: name, patch: true})
}

func (c *cleaner) isRemoteFile(name string) bool {
	return isURL(name) || name != "" && c.isOutside(name)
}

func (c *cleaner) gone(isRemote bool, value string, objects bool) bool {
	return c.remove(isRemote, removedEntry{value: value, objects: objects})
}

func (c *cleaner) remove(isRemote bool, e removedEntry) bool {
	if isRemote {
		c.changed = true
		e.file = c.tree.KustomizationFile(c.folder)
		c.report(e)
	}
	return isRemote
}

// drop distinguishes nil from an empty slice: kustomize treats an empty list differently from none.
func drop[T any](all []T, isRemote func(T) bool) []T {
	if all == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(all), isRemote)
}

// resolve returns the path in the checkout of an entry in a folder, including entries that use the in-memory root. A path outside
// the checkout stays absolute, so it matches no file.
func resolve(folder, entry string) string {
	full := path.Join(Root, folder, entry)
	if path.IsAbs(entry) {
		full = path.Clean(entry)
	}
	inside, ok := strings.CutPrefix(full, Root+"/")
	if !ok {
		return full
	}
	return inside
}
