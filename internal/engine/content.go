package engine

import "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

// Declarer answers what an object would apply of a repository in which it is declared.
type Declarer interface {
	// Contents are the folders that u applies; none where it applies no folder of a repository.
	Contents(u *unstructured.Unstructured) []Content
}

// Content is one folder of a repository.
type Content struct {
	URL  string // of the repository; "" where it is that of the first of the Sources
	Path string
	// AsIs is true where the files of a folder without a kustomization.yaml are applied as they are. Else one is generated for
	// them, with what spec asks kustomize for.
	AsIs bool
}

// Contents are none.
func (None) Contents(*unstructured.Unstructured) []Content { return nil }
