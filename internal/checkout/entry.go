package checkout

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/build"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/clusters"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// entryPoints returns the deliveries with which the controllers of the named clusters begin, and the cluster of each. A cluster is named
// by a folder, or by the kustomization file in it.
//
// If no delivery of a cluster applies its folder, then what does is not in the repository: a FluxInstance or a Kustomization that
// `flux bootstrap` or Terraform has created in the cluster.
func (sim *simulation) entryPoints(names []string, roots []*delivery) ([]*delivery, map[*delivery]string, error) {
	assigned := map[*delivery]string{}
	var found []*delivery
	for i, name := range names {
		folder, ok := clusters.EntryFolder(sim.tree, name)
		if !ok {
			return nil, nil, fmt.Errorf("find cluster %s: it is neither a folder of YAML files nor a kustomization file of the repository; correct clusters[%d] of .choreolint.yaml", name, i)
		}
		starts := startsOf(folder, roots)
		if len(starts) == 0 {
			starts = []*delivery{bootstrapOf(folder)}
		}
		for _, d := range starts {
			assigned[d] = folder
		}
		found = append(found, starts...)
	}
	return found, assigned, nil
}

// startsOf returns the roots in a folder if one of them applies the folder itself, as that of `flux bootstrap` does.
func startsOf(folder string, roots []*delivery) []*delivery {
	var inside []*delivery
	appliesItself := false
	for _, d := range roots {
		if tree.Below(d.File(), folder) {
			inside = append(inside, d)
			appliesItself = appliesItself || d.Folder == folder
		}
	}
	if !appliesItself {
		return nil
	}
	return inside
}

// bootstrapOf returns a delivery that is only in the cluster. It has the name that `flux bootstrap` gives it (flux2 v2.7
// cmd/flux/bootstrap.go).
func bootstrapOf(folder string) *delivery {
	body := &unstructured.Unstructured{}
	body.SetAPIVersion(kinds.FluxKustomize + "/v1")
	body.SetKind("Kustomization")
	body.SetNamespace("flux-system")
	body.SetName("flux-system")
	return &delivery{Delivery: build.Delivery{Ref: manifest.RefOf(body), Body: body, Content: engine.Content{Path: folder}, Folder: folder}, source: &source{}, isOurs: true}
}

// clustersOf assigns the deliveries that no other one applies to clusters.
func clustersOf(roots []*delivery) map[*delivery]string {
	names := clusters.Of(deliveriesIn(roots))
	assigned := map[*delivery]string{}
	for i, d := range roots {
		assigned[d] = names[i]
	}
	return assigned
}

func deliveriesIn(all []*delivery) []build.Delivery {
	built := make([]build.Delivery, len(all))
	for i, d := range all {
		built[i] = d.Delivery
	}
	return built
}
