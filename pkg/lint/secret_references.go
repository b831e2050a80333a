package lint

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// secretReferences: valueFrom names a SecretReference of the control plane, and one of its keys, not a Secret
// (openchoreo v1.2.3 internal/controller/releasebinding/controller.go:490).
func secretReferences(w *index) {
	for _, e := range w.entries() {
		name, key := kinds.String(e.fields, "valueFrom", "secretKeyRef", "name"), kinds.String(e.fields, "valueFrom", "secretKeyRef", "key")
		if name == "" {
			continue
		}
		path := e.path + ".valueFrom.secretKeyRef."
		t := target{trace.CodeSecretReferenceNotUsable, path + "name", "SecretReference", name}
		if !w.resolve(e.object, t) {
			continue
		}
		secret := w.find(ref("SecretReference", e.object.Ref.Namespace, name))
		if secret == nil || key == "" || hasKey(secret, key) {
			continue
		}
		w.report(e.object, path+"key", trace.Error, trace.Finding{
			Code: trace.CodeSecretReferenceNotUsable, Message: fmt.Sprintf("%s takes key %s of %s, which has no such key", e.key, key, secret.Ref),
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
