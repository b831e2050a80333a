package offline

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/resource"
	kustomize "sigs.k8s.io/kustomize/api/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// isURL reports whether kustomize downloads a file that is named like this (kustomize api/internal/loader/fileloader.go:IsRemoteFile).
func isURL(name string) bool {
	u, err := url.Parse(name)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https")
}

// isClone reports whether kustomize runs git clone for a folder that is named like this. An Origin tells: it holds a
// repository exactly for these names (kustomize api/resource/origin.go:Append).
func isClone(name string) bool {
	if len(name) >= 5 && strings.EqualFold(name[:5], "git::") {
		name = name[5:] // kustomize drops this prefix, and logs that it did
	}
	return (&resource.Origin{}).Append(name).Repo != ""
}

// removedEntry is a value of a kustomization.yaml, or of the configuration of a plugin, that is left out of the build.
type removedEntry struct {
	file, value string
	objects     bool // it would have added objects
	built       bool // it is a folder of the checkout from which kustomize builds the configuration of a plugin
}

func (e removedEntry) message() string {
	switch {
	case e.built:
		return WithoutCredentials(e.value) + " was not checked: it changes the configuration of a plugin before the plugin reads it"
	case e.value == "":
		return "the configuration of a plugin was not checked: it cannot be decoded"
	}
	return WithoutCredentials(e.value) + " is not in this repository and was not checked"
}

// cleaner removes from one kustomization everything that kustomize would download or clone.
type cleaner struct {
	tree   *tree.Tree
	folder string
	// changed reports that the kustomization is no longer what stands in the file.
	changed bool
	report  func(removedEntry)
}

// clean takes the entries of all fields out. Which fields hold paths is decided by kustomize api/types/kustomization.go;
// TestEveryFieldIsKnown fails when a new one appears.
func (c *cleaner) clean(k *kustomize.Kustomization) {
	k.Resources = c.roots(k.Resources)
	k.Components = drop(k.Components, func(s string) bool { return c.gone(isURL(s) || isClone(s), s, true) })
	k.Generators = c.plugins(k.Generators, true)
	k.Transformers = c.plugins(k.Transformers, false)
	k.Validators = c.plugins(k.Validators, false)

	k.Configurations = drop(k.Configurations, c.file)
	k.Crds = drop(k.Crds, c.file)
	if c.file(k.OpenAPI["path"]) {
		delete(k.OpenAPI, "path")
	}
	isRemotePatch := func(p kustomize.Patch) bool { return c.file(p.Path) }
	k.Patches = drop(k.Patches, isRemotePatch)
	k.PatchesJson6902 = drop(k.PatchesJson6902, isRemotePatch)                                                                       //nolint:staticcheck // kustomize still builds from it
	k.PatchesStrategicMerge = drop(k.PatchesStrategicMerge, func(p kustomize.PatchStrategicMerge) bool { return c.file(string(p)) }) //nolint:staticcheck // kustomize still builds from it
	k.Replacements = drop(k.Replacements, func(r kustomize.ReplacementField) bool { return c.file(r.Path) })
	for i := range k.ConfigMapGenerator {
		c.pairs(&k.ConfigMapGenerator[i].KvPairSources)
	}
	for i := range k.SecretGenerator {
		c.pairs(&k.SecretGenerator[i].KvPairSources)
	}
	c.charts(k)
}

// charts of Helm are not built, as kustomize-controller builds none; kustomize refuses them before it reads their values.
func (c *cleaner) charts(k *kustomize.Kustomization) {
	for i := range k.HelmCharts {
		chart := &k.HelmCharts[i]
		if c.file(chart.ValuesFile) {
			chart.ValuesFile = ""
		}
		chart.AdditionalValuesFiles = drop(chart.AdditionalValuesFiles, c.file)
	}
	for i := range k.HelmChartInflationGenerator {
		if c.file(k.HelmChartInflationGenerator[i].Values) {
			k.HelmChartInflationGenerator[i].Values = ""
		}
	}
}

func (c *cleaner) pairs(sources *kustomize.KvPairSources) {
	sources.FileSources = drop(sources.FileSources, func(s string) bool {
		_, file, _ := strings.Cut(s, "=") // "key=file"
		return c.gone(isURL(s) || isURL(file), s, false)
	})
	sources.EnvSources = drop(sources.EnvSources, c.file)
	if c.file(sources.EnvSource) {
		sources.EnvSource = ""
	}
}

// roots are files, folders or repositories. Kustomize tries the file first (kustomize api/internal/target/kusttarget.go:
// accumulateResources), so a file github.com/a/b in the checkout is that file; a folder of that name is a clone.
func (c *cleaner) roots(entries []string) []string {
	entries = drop(entries, func(s string) bool { return c.gone(c.isRemoteRoot(s), s, true) })
	for i, entry := range entries {
		if isClone(entry) {
			entries[i], c.changed = "./"+entry, true // the same file, and nothing else
		}
	}
	return entries
}

func (c *cleaner) isRemoteRoot(entry string) bool {
	_, isFile := c.tree.Files[resolve(c.folder, entry)]
	return isURL(entry) || isClone(entry) && !isFile
}

// file reports whether a file is to be downloaded, and reports that it is left out.
func (c *cleaner) file(name string) bool { return c.gone(isURL(name), name, false) }

func (c *cleaner) gone(isRemote bool, value string, objects bool) bool {
	if isRemote {
		c.changed = true
		c.report(removedEntry{file: c.tree.KustomizationFile(c.folder), value: value, objects: objects})
	}
	return isRemote
}

// drop keeps nil and its own slice apart from others: an empty list of kustomize's is not the same as none.
func drop[T any](all []T, isRemote func(T) bool) []T {
	if all == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(all), isRemote)
}

// resolve is the path in the checkout that an entry in a folder leads to, as the memory of kustomize has it: also by way of
// the root of that memory. One that leads elsewhere leads to nothing.
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
