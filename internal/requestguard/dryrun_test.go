package requestguard

import (
	"net/url"
	"testing"
)

const (
	apply        = "application/apply-patch+yaml"
	dryRunParams = "?dryRun=All&fieldManager=kustomize-controller&force=true"
	configMap    = "/api/v1/namespaces/shop/configmaps/a"
	configMapA   = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"namespace":"shop","name":"a"}}`
)

// TestDryRun: lint sends server-side applies that write nothing, of no Secret, and no other client sends one.
func TestDryRun(t *testing.T) {
	t.Parallel()
	const lint, ofDiff, other = "kubectl-choreo/v1 (linux/amd64) lint", "kubectl-choreo/v1 (linux/amd64) diff", "kubectl-choreo/v1 (linux/amd64)"
	for name, c := range map[string]struct {
		agent, method, address, contentType, body string
		allowed                                   bool
	}{
		"Namespaced":       {lint, "PATCH", configMap + dryRunParams, apply, configMapA, true},
		"ClusterScoped":    {lint, "PATCH", "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node" + dryRunParams, apply, `{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"system:node"}}`, true},
		"ANamespace":       {lint, "PATCH", "/api/v1/namespaces/shop" + dryRunParams, apply, `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}`, true},
		"NamespaceSecrets": {lint, "PATCH", "/apis/x.y/v1/namespaces/secrets/as/a" + dryRunParams, apply, `{"apiVersion":"x.y/v1","kind":"A","metadata":{"namespace":"secrets","name":"a"}}`, true},
		"OfDiff":           {ofDiff, "PATCH", configMap + dryRunParams, apply, configMapA, true},
		"DiffDeletes":      {ofDiff, "DELETE", configMap + dryRunParams, apply, configMapA, false},
		"OtherClient":      {other, "PATCH", configMap + dryRunParams, apply, configMapA, false},
		"Writes":           {lint, "PATCH", configMap + "?fieldManager=a&force=true", apply, configMapA, false},
		"WritesOnce":       {lint, "PATCH", configMap + "?dryRun=All&dryRun=&fieldManager=a&force=true", apply, configMapA, false},
		"OtherParameter":   {lint, "PATCH", configMap + dryRunParams + "&pretty=true", apply, configMapA, false},
		"MergePatch":       {lint, "PATCH", configMap + dryRunParams, merge, configMapA, false},
		"Reads":            {lint, "GET", configMap, "", "", false},
		"Deletes":          {lint, "DELETE", configMap + dryRunParams, apply, configMapA, false},
		"OtherName":        {lint, "PATCH", configMap + "b" + dryRunParams, apply, configMapA, false},
		"OtherNamespace":   {lint, "PATCH", "/api/v1/namespaces/other/configmaps/a" + dryRunParams, apply, configMapA, false},
		"OtherVersion":     {lint, "PATCH", "/api/v2/namespaces/shop/configmaps/a" + dryRunParams, apply, configMapA, false},
		"Subresource":      {lint, "PATCH", configMap + "/status" + dryRunParams, apply, configMapA, false},
		"Secret":           {lint, "PATCH", "/api/v1/namespaces/shop/secrets/a" + dryRunParams, apply, configMapA, false},
		"SecretByKind":     {lint, "PATCH", configMap + dryRunParams, apply, `{"apiVersion":"v1","kind":"Secret","metadata":{"namespace":"shop","name":"a"}}`, false},
		"NoObject":         {lint, "PATCH", configMap + dryRunParams, apply, `[]`, false},
	} {
		u, err := url.ParseRequestURI(c.address)
		if err != nil {
			t.Fatal(err)
		}
		err = Check(Request{Method: c.method, URL: u, ContentType: c.contentType, UserAgent: c.agent, Body: []byte(c.body)})
		if (err == nil) != c.allowed {
			t.Errorf("%s: %v", name, err)
		}
	}
}
