package dryrun

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// Change is an object that a change adds or alters.
type Change struct {
	manifest.Object
	// Kind has the path of the object.
	Kind kinds.Kind
	// NotChecked is the reason for which it is not sent; "" if it is.
	NotChecked manifest.NotChecked

	applied applied
}

// Select returns the objects that are in a repository now and were not in it before, or had another content, as their applier would
// send them. A deleted object is none of them. cluster is the name of the cluster that the API server belongs to; "" for the only one.
func Select(now, before *manifest.Repository, cluster string) ([]Change, error) {
	cluster, err := chooseCluster(now, cluster)
	if err != nil {
		return nil, err
	}
	former := map[string]map[facts.Ref][]map[string]any{} // by cluster
	appliers := newAppliers(before)
	for i := range before.Objects {
		o := &before.Objects[i]
		if former[o.Cluster] == nil {
			former[o.Cluster] = map[facts.Ref][]map[string]any{}
		}
		former[o.Cluster][o.Ref] = append(former[o.Cluster][o.Ref], appliers.of(o).body.Object)
	}
	var changes []Change
	appliers = newAppliers(now)
	for i := range now.Objects {
		o := &now.Objects[i]
		c := Change{Object: *o, applied: appliers.of(o)}
		if !slices.ContainsFunc(former[o.Cluster][o.Ref], func(was map[string]any) bool { return reflect.DeepEqual(was, c.applied.body.Object) }) {
			changes = append(changes, c)
		}
	}
	s := selector{cluster: cluster, definitions: definitions(now), changing: map[schema.GroupKind]bool{}}
	for _, c := range changes {
		if kind, ok := defined(c.Body); ok && !s.isElsewhere(c.Object) {
			s.changing[kind.GroupKind()] = true
		}
	}
	for i := range changes {
		changes[i].Kind, changes[i].NotChecked = s.assign(&changes[i])
	}
	return changes, nil
}

// chooseCluster returns the cluster that an API server belongs to. Clusters that another one leads to by a kubeConfig are chosen only
// by name.
func chooseCluster(r *manifest.Repository, wanted string) (string, error) {
	var all, local []string
	add := func(name string) {
		if name == "" || slices.Contains(all, name) {
			return
		}
		all = append(all, name)
		if !slices.Contains(r.Remote, name) {
			local = append(local, name)
		}
	}
	for _, o := range r.Objects {
		add(o.Cluster)
	}
	for _, k := range r.Kustomizations {
		add(k.Cluster)
	}
	slices.Sort(all)
	slices.Sort(local)
	switch {
	case wanted != "" && slices.Contains(all, wanted):
		return wanted, nil
	case wanted != "" && len(all) == 0:
		return "", fmt.Errorf("cannot find cluster %q of --against-cluster: the repository is for one cluster; use --against alone", wanted)
	case wanted != "":
		return "", fmt.Errorf("cannot find cluster %q of --against-cluster: use one of %s", wanted, strings.Join(all, ", "))
	case len(local) > 1:
		return "", fmt.Errorf("--against is for one cluster, and the repository is for %d: add --against-cluster with one of %s", len(local), strings.Join(all, ", "))
	case len(local) == 1:
		return local[0], nil
	}
	return "", nil
}

// selector decides which changes are sent.
type selector struct {
	cluster     string
	definitions map[schema.GroupKind]kinds.Kind // that the repository declares
	changing    map[schema.GroupKind]bool       // kinds whose definition is among the changes
}

// isElsewhere reports whether an object is for another cluster. One that is assigned to no cluster may be for each.
func (s selector) isElsewhere(o manifest.Object) bool {
	return o.Cluster != "" && o.Cluster != s.cluster
}

func (s selector) assign(c *Change) (kinds.Kind, manifest.NotChecked) {
	gvk := c.applied.body.GroupVersionKind()
	kind, known := kinds.Declared(gvk)
	if of, ok := s.definitions[gvk.GroupKind()]; ok && !known {
		kind, known = of, true
		kind.Version = gvk.Version
	}
	switch {
	case s.isElsewhere(c.Object):
		return kind, manifest.OtherCluster
	case gvk.Group == kinds.Core && gvk.Kind == "Secret":
		return kind, manifest.IsSecret
	case isEncrypted(c.Body.Object):
		return kind, manifest.IsEncrypted
	case isLeftAlone(c.Body):
		return kind, manifest.LeftAlone
	case c.Unresolved:
		return kind, manifest.UnknownVariable
	case !known:
		return kind, manifest.UnknownKind
	case s.changing[gvk.GroupKind()]:
		return kind, manifest.DefinitionChanges
	}
	if !kind.Namespaced {
		c.applied.body.SetNamespace("") // kustomize sets one on cluster-scoped kinds that it does not know
	}
	if reference.Applied(kind, c.applied.body.GetNamespace(), c.applied.body.GetName()) != nil {
		return kind, manifest.InvalidReference
	}
	return kind, ""
}

// isEncrypted reports whether SOPS has encrypted a value of an object. Only the decrypted object is applied.
func isEncrypted(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		if _, ok := v["sops"].(map[string]any); ok {
			return true
		}
		for _, inner := range v {
			if isEncrypted(inner) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, isEncrypted)
	case string:
		return strings.HasPrefix(v, "ENC[AES256_GCM,data:")
	}
	return false
}

// isLeftAlone reports whether kustomize-controller does not apply an object, or not if it exists (v1.9.3
// internal/controller/kustomization_controller.go, apply).
func isLeftAlone(u *unstructured.Unstructured) bool {
	for _, metadata := range []map[string]string{u.GetAnnotations(), u.GetLabels()} {
		if ssa := metadata[kinds.FluxKustomize+"/ssa"]; ssa == "Ignore" || ssa == "IfNotPresent" || metadata[kinds.FluxKustomize+"/reconcile"] == "disabled" {
			return true
		}
	}
	return false
}

// definitions returns the kinds whose CustomResourceDefinition is in a repository.
func definitions(r *manifest.Repository) map[schema.GroupKind]kinds.Kind {
	found := map[schema.GroupKind]kinds.Kind{}
	for _, o := range r.Objects {
		if kind, ok := defined(o.Body); ok {
			found[kind.GroupKind()] = kind
		}
	}
	return found
}

// defined returns the kind that a CustomResourceDefinition defines, without a version.
func defined(u *unstructured.Unstructured) (kinds.Kind, bool) {
	gvk := u.GroupVersionKind()
	if gvk.Group != "apiextensions.k8s.io" || gvk.Kind != "CustomResourceDefinition" {
		return kinds.Kind{}, false
	}
	kind := kinds.Kind{Plural: kinds.Text(u, "spec", "names", "plural"), Namespaced: kinds.Text(u, "spec", "scope") == "Namespaced"}
	kind.Group, kind.Kind = kinds.Text(u, "spec", "group"), kinds.Text(u, "spec", "names", "kind")
	return kind, kind.Kind != ""
}
