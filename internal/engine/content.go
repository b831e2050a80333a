package engine

import "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

// Declarer determines which content of a repository a declared object would apply.
type Declarer interface {
	// Contents returns the folders that u applies; none if it applies no folder of a repository.
	Contents(u *unstructured.Unstructured) []Content
}

// Content is one folder of a repository.
type Content struct {
	URL  string // of the repository; "" if the URL is that of the first source
	Path string
	// AsIs is true if the engine applies a folder without a kustomization.yaml unchanged. Otherwise it generates a
	// kustomization.yaml from the kustomize fields of spec.
	AsIs bool
}

// Contents returns none.
func (None) Contents(*unstructured.Unstructured) []Content { return nil }
