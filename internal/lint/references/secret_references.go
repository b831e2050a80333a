package references

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// secretReferences: valueFrom names a SecretReference of the control plane, and one of its keys, not a Secret
// (openchoreo v1.2.3 internal/controller/releasebinding/controller.go:490).
func secretReferences(ix *index.Index) {
	for _, e := range ix.Entries() {
		name, key := kinds.String(e.Fields, "valueFrom", "secretKeyRef", "name"), kinds.String(e.Fields, "valueFrom", "secretKeyRef", "key")
		if name == "" {
			continue
		}
		path := e.Path + ".valueFrom.secretKeyRef."
		t := target{trace.CodeSecretReferenceNotUsable, path + "name", "SecretReference", name}
		if !resolve(ix, e.Object, t) {
			continue
		}
		secret := ix.Find(index.Ref("SecretReference", e.Object.Ref.Namespace, name))
		if secret == nil || key == "" || hasKey(secret, key) {
			continue
		}
		ix.Report(e.Object, path+"key", trace.Error, trace.Finding{
			Code: trace.CodeSecretReferenceNotUsable, Message: fmt.Sprintf("%s takes key %s of %s, which has no such key", e.Key, key, secret.Ref),
		})
	}
}

func hasKey(secret *manifest.Object, key string) bool {
	for _, d := range kinds.Items(secret.Body, "spec", "data") {
		if kinds.String(d, "secretKey") == key {
			return true
		}
	}
	return false
}
