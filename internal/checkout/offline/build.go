package offline

import (
	"errors"
	"fmt"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	kustomize "sigs.k8s.io/kustomize/api/types"
)

// Build builds like kustomize-controller: files from the whole repository, no plugins. Kustomize panics on some objects
// (fluxcd/pkg kustomize/kustomize_generator.go:Build).
func Build(files *FileSystem, folder string) (built resmap.ResMap, err error) {
	defer func() {
		r := recover()
		if refused, ok := r.(*refusedError); ok {
			err = refused
		} else if r != nil {
			err = fmt.Errorf("kustomize panicked: %v", r)
		}
	}()
	files.bounds = bounds{read: map[string]bool{}}
	options := &krusty.Options{LoadRestrictions: kustomize.LoadRestrictionsNone, PluginConfig: kustomize.DisabledPluginConfig()}
	built, err = krusty.MakeKustomizer(options).Run(files, folder)
	if err != nil && unquoted(err.Error()) != err.Error() {
		err = errors.New(unquoted(err.Error()))
	}
	return built, err
}
