package kinds

import (
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// TestDeclared: the version is that of the object, and kinds that are read are known as well.
func TestDeclared(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		group, version, kind string
		path                 string
		namespaced           bool
	}{
		{"", "v1", "ServiceAccount", "serviceaccounts", true},
		{Apps, "v1beta2", "Deployment", "deployments", true},
		{FluxHelm, "v2beta2", "HelmRelease", "helmreleases", true},
		{OpenChoreo, "v1alpha1", "ClusterWorkflowPlane", "clusterworkflowplanes", false},
		{"example.com", "v1", "Gadget", "", false},
	} {
		gvk := schema.GroupVersionKind{Group: c.group, Version: c.version, Kind: c.kind}
		k, known := Declared(gvk)
		if known != (c.path != "") || known && (k.GroupVersionKind != gvk || k.Plural != c.path || k.Namespaced != c.namespaced) {
			t.Errorf("%v: %+v, %v", gvk, k, known)
		}
	}
	for kind := range declared {
		if _, both := table[kind]; both {
			t.Errorf("%v is in both tables", kind)
		}
	}
}
