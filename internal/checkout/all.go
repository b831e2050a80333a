package checkout

import (
	"maps"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/build"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/clusters"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// takeRest takes all files that no delivery has read, and builds each folder with a kustomization.yaml that no other
// kustomization includes. It skips Helm charts and test data.
func (l *loader) takeRest() {
	result := l.builder.Begin()
	for _, name := range l.tree.Names {
		l.undecided[name] = l.undecided[name] || l.files.IsTestData(name)
	}
	files, _ := l.builder.Found(".")
	prefix := clusters.Folder(deliveriesIn(l.declared()))
	if l.tree.KustomizationFile(".") != "" {
		files = nil
	}
	for _, file := range files {
		if l.files.InChart(file) || l.files.IsTemplate(file) || l.used[file] || l.undecided[file] {
			continue
		}
		result.Used[file] = true
		result.Problems = append(result.Problems, l.files.Incomplete(file)...)
		for _, d := range l.files.Documents[file] {
			l.repository.Objects = append(l.repository.Objects, manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: file, Cluster: clusters.OfFile(file, prefix)})
		}
	}
	l.takeRoots()
	l.keep(result)
}

// keep records the problems and the files of a build.
func (l *loader) keep(result *build.Result) {
	maps.Copy(l.used, result.Used)
	maps.Copy(l.undecided, result.Undecided)
	l.repository.Problems = append(l.repository.Problems, result.Problems...)
}

// takeRoots builds the folders that no other kustomization.yaml includes. Folders that share a file belong to different clusters.
func (l *loader) takeRoots() {
	roots := l.files.Roots(l.used)
	objects := make([][]manifest.Object, len(roots))
	read := make([]map[string]bool, len(roots))
	for i, folder := range roots {
		if l.ctx.Err() != nil {
			return
		}
		objects[i], read[i] = l.builder.BuildFolder(folder)
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
