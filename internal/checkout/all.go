package checkout

import (
	"path"
	"slices"

	kustomize "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// takeRest takes all files that no delivery has read, and builds each folder with a kustomization.yaml that no other
// kustomization includes. It skips Helm charts.
func (l *loader) takeRest() {
	result := l.builder.begin()
	files, _ := l.builder.found(".")
	prefix := clustersFolder(l.declared())
	if l.tree.KustomizationFile(".") != "" {
		files = nil
	}
	for _, file := range files {
		if l.inChart(file) || l.isTemplate(file) || l.used[file] {
			continue
		}
		result.used[file] = true
		for _, d := range l.documents[file] {
			l.repository.Objects = append(l.repository.Objects, manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: file, Cluster: clusterOfFile(file, prefix)})
		}
	}
	l.takeRoots()
	l.keep(result)
}

// keep records the problems and the files of a build.
func (l *loader) keep(result *buildResult) {
	for name := range result.used {
		l.used[name] = true
	}
	for name := range result.undecided {
		l.undecided[name] = true
	}
	l.repository.Problems = append(l.repository.Problems, result.problems...)
}

// takeRoots builds the folders that no other kustomization.yaml includes. Folders that share a file belong to different clusters.
func (l *loader) takeRoots() {
	roots := l.roots()
	objects := make([][]manifest.Object, len(roots))
	read := make([]map[string]bool, len(roots))
	for i, folder := range roots {
		place := manifest.Place{File: l.tree.KustomizationFile(folder), Line: 1}
		if l.ctx.Err() != nil {
			return
		}
		objects[i] = l.builder.run(kustomize.Kustomization{Resources: []string{offline.Path(folder)}}, facts.Ref{}, place)
		read[i] = l.builder.read
	}
	readers := map[string]int{}
	for _, names := range read {
		for name := range names {
			readers[name]++
		}
	}
	for i, folder := range roots {
		shares := false
		for name := range read[i] {
			shares = shares || readers[name] > 1
		}
		for _, o := range objects[i] {
			if shares {
				o.Cluster = folder
			}
			l.repository.Objects = append(l.repository.Objects, o)
		}
	}
}

// roots returns the folders with a kustomization.yaml that no other one includes. Kustomize Components are not roots.
func (l *loader) roots() []string {
	var folders []string
	taken := map[string]bool{}
	for _, name := range l.tree.Names {
		if !tree.IsKustomizationFile(name) || l.inChart(name) || l.used[name] {
			continue
		}
		k, _ := l.kustomizationOf(name) // kustomize reports the error
		if folder := path.Dir(name); k.Kind != kustomize.ComponentKind {
			folders = append(folders, folder)
		}
		for _, entry := range slices.Concat(k.Resources, k.Components) {
			taken[path.Join(path.Dir(name), entry)] = true
		}
	}
	return slices.DeleteFunc(folders, func(f string) bool { return taken[f] })
}

// kustomizationOf decodes a kustomization.yaml, with its deprecated fields converted.
func (l *loader) kustomizationOf(name string) (k kustomize.Kustomization, err error) {
	if known, isList := l.lists[name]; isList {
		k.Kind, k.Resources = known.Kind, known.Resources
		return k, nil
	}
	err = yaml.Unmarshal(l.tree.Files[name], &k)
	k.FixKustomization()
	return k, err
}
