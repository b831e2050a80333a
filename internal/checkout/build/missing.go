package build

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	kustomize "sigs.k8s.io/kustomize/api/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// maxMissing bounds how many missing files of one build are reported.
const maxMissing = 100

// faults records why a build has failed.
type faults struct{ *Builder }

// missing is a file or folder that a kustomization file names, and that does not exist.
type missing struct {
	entry string // as written, without the key of a generator
	file  string // in the checkout
	place manifest.Place
}

// message is that of offline.CleanMessage, and says whether source-controller leaves the file out.
func (m missing) message(t *tree.Tree) string {
	return fmt.Sprintf("it names '%s', which does not exist", m.entry) + ignoredIn(t, "'"+m.file+"'")
}

// isIn reports whether a message of kustomize is about the file. It contains the entry or the path in memory.
func (m missing) isIn(message string) bool {
	inMemory := path.Join(offline.Root, m.file)
	return slices.ContainsFunc([]string{"'" + m.entry + "'", "(" + m.entry + ")", inMemory + "'", inMemory + `"`, inMemory + ":", inMemory + " "}, func(text string) bool {
		return strings.Contains(message, text)
	})
}

// failed records why kustomize has failed, unless one of the files is invalid YAML, which is reported in any case. Kustomize stops at the first
// error, so all other files and folders that do not exist are recorded as well.
func (b faults) failed(err error, folder string, ks facts.Ref, place manifest.Place) {
	if b.ctx.Err() != nil {
		return
	}
	others := b.missing(b.read)
	if at, message := brokenKustomization(b.parsed.Tree, b.read); message != "" {
		b.problem(manifest.NotBuilt, at, ks, message)
	} else if !b.anyBroken(b.read) {
		place = targets(b).placeOfExpression(err, folder, ks, place)
		at := b.blamed(err.Error(), b.read, place)
		at, others = withoutReported(others, err.Error(), at, place)
		b.problem(manifest.NotBuilt, at, ks, offline.CleanMessage(err.Error())+ignoredIn(b.parsed.Tree, err.Error())+missingAt(b.parsed, at))
	}
	for _, m := range others {
		b.problem(manifest.NotBuilt, m.place, ks, m.message(b.parsed.Tree))
	}
}

// withoutReported removes the missing file that a message is about. If no better place is known, its place is that of the message.
func withoutReported(all []missing, message string, at, otherwise manifest.Place) (manifest.Place, []missing) {
	for i, m := range all {
		if (m.place == at || at == otherwise) && m.isIn(message) {
			return m.place, slices.Delete(all, i, i+1)
		}
	}
	return at, all
}

// missing returns the files and folders that the kustomization files among some files, and those that they include, name, and that do not exist.
func (b faults) missing(read map[string]bool) (found []missing) {
	var open []string
	for _, name := range tree.Sorted(read) {
		if tree.IsKustomizationFile(name) {
			open = append(open, name)
		}
	}
	for seen := map[string]bool{}; len(open) > 0 && len(found) < maxMissing; open = open[1:] {
		name := open[0]
		k, err := b.parsed.Kustomization(name)
		if seen[name] || err != nil {
			continue
		}
		seen[name] = true
		found = append(found, b.missingIn(name, namedBy(k))...)
		for _, entry := range slices.Concat(k.Resources, k.Components) {
			if inner := b.parsed.KustomizationFile(path.Join(path.Dir(name), entry)); inner != "" {
				open = append(open, inner)
			}
		}
	}
	return found[:min(len(found), maxMissing)]
}

// missingIn returns those of the entries of a kustomization file that do not exist, each once.
func (b faults) missingIn(name string, entries []named) (found []missing) {
	lines := sync.OnceValue(func() map[string]int { return b.parsed.FirstLines(name) })
	for _, e := range entries {
		file := path.Join(path.Dir(name), e.entry)
		if b.parsed.IsOutside(file) || b.memory().Exists(path.Join(offline.Root, file)) {
			continue
		}
		m := missing{entry: e.entry, file: file, place: manifest.Place{File: name, Line: max(1, lines()[e.written])}}
		if !slices.Contains(found, m) && len(found) < maxMissing {
			found = append(found, m)
		}
	}
	return found
}

// named is a file or folder that a kustomization names. The entry of a generator may have a key before it.
type named struct{ written, entry string }

// namedBy returns the files and folders in all fields of a kustomization, without those that kustomize downloads. Some fields may contain YAML
// instead.
func namedBy(k kustomize.Kustomization) []named {
	all := slices.Concat(k.Resources, k.Components, k.Crds, k.Configurations, k.Generators, k.Transformers, k.Validators, []string{k.OpenAPI["path"]})
	for _, p := range slices.Concat(k.Patches, k.PatchesJson6902) { //nolint:staticcheck // kustomize still builds from it
		all = append(all, p.Path)
	}
	for _, p := range k.PatchesStrategicMerge { //nolint:staticcheck // kustomize still builds from it
		all = append(all, string(p))
	}
	for _, r := range k.Replacements {
		all = append(all, r.Path)
	}
	var sources []kustomize.KvPairSources
	for _, g := range k.ConfigMapGenerator {
		sources = append(sources, g.KvPairSources)
	}
	for _, g := range k.SecretGenerator {
		sources = append(sources, g.KvPairSources)
	}
	var found []named
	for _, s := range sources {
		all = append(append(all, s.EnvSources...), s.EnvSource)
		for _, written := range s.FileSources {
			_, file, keyed := strings.Cut(written, "=")
			if !keyed {
				file = written
			}
			found = append(found, named{written, file})
		}
	}
	for _, entry := range all {
		found = append(found, named{entry, entry})
	}
	return slices.DeleteFunc(found, func(n named) bool {
		return n.entry == "" || strings.ContainsAny(n.entry, "\n{") || offline.IsRemote(n.entry)
	})
}
