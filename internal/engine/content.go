package engine

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Declarer determines which content of a repository a declared object would apply.
type Declarer interface {
	// Contents returns the folders that u applies; none if it applies no folder of a repository.
	Contents(u *unstructured.Unstructured) []Content
	// Charts returns the Helm charts that u names. u may be of any kind; one that does not belong to the engine names none.
	Charts(u *unstructured.Unstructured) []Chart
}

// Chart is a Helm chart that an object installs or fetches.
type Chart struct {
	Name    string // a name, a path or a URL
	Version string // a version or a range of versions; "" if the object has none
}

// Content is one folder of a repository.
type Content struct {
	URL      string // of the repository; "" if the URL is that of the first source
	Revision string // of the repository at URL: a branch, a tag or a commit; "" for its default branch, and without URL
	Path     string
	Field    string // of u that holds Path, such as spec.path
	// AsIs is true if the engine applies a folder without a kustomization.yaml unchanged. Otherwise it generates a
	// kustomization.yaml from the kustomize fields of spec.
	AsIs bool
	// Flat is true if an engine that applies a folder as it is leaves out the files of subfolders.
	Flat bool
	// Plugin is true if a plugin of the engine builds the folder.
	Plugin bool
	// Include and Exclude are globs for the files of a folder that is applied as it is; "" for all and none.
	Include, Exclude string
	// Namespace is that of namespaced objects without one; "" if they are rejected.
	Namespace string
	// Cluster identifies the cluster to which the content is applied; "" for the cluster of u.
	Cluster string
}

// Contents returns none.
func (None) Contents(*unstructured.Unstructured) []Content { return nil }

// Charts returns none.
func (None) Charts(*unstructured.Unstructured) []Chart { return nil }

// ChartsOf returns the Helm charts that o names. Objects of kinds that deliver nothing, such as an ApplicationSet, name some as well.
func ChartsOf(r Registry, o facts.Object) []Chart {
	var all []Chart
	if o.Body == nil {
		return nil
	}
	for _, e := range r {
		all = append(all, e.Charts(o.Body)...)
	}
	return all
}
