package references_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
)

// TestSecretKeys: a notification channel and a plane take a key of a Secret of the repository, which must have it.
func TestSecretKeys(t *testing.T) {
	t.Parallel()
	const (
		channel = "apiVersion: openchoreo.dev/v1alpha1\nkind: ObservabilityAlertsNotificationChannel\nmetadata: {name: mail, namespace: shop}\nspec:\n  environment: staging\n  type: email\n" +
			"  emailConfig:\n    from: a@example.com\n    to: [b@example.com]\n    template: {subject: a, body: b}\n    smtp:\n      host: mail.example.com\n      port: 587\n      tls: {insecureSkipVerify: false}\n      auth:\n" +
			"        username:\n          secretKeyRef: {name: smtp, key: username}\n        password:\n          secretKeyRef:\n            name: smtp\n            key: password\n---\n"
		hook = "apiVersion: openchoreo.dev/v1alpha1\nkind: ObservabilityAlertsNotificationChannel\nmetadata: {name: hook, namespace: shop}\nspec:\n  environment: staging\n  type: webhook\n" +
			"  webhookConfig:\n    url: https://hooks.example.com\n    headers:\n      X-API-Key:\n        valueFrom:\n          secretKeyRef:\n            key: apikey\n            name: smtp\n---\n"
		plane = "apiVersion: openchoreo.dev/v1alpha1\nkind: ClusterDataPlane\nmetadata: {name: edge}\nspec:\n  planeID: edge\n  clusterAgent:\n    clientCA:\n" +
			"      secretKeyRef:\n        name: smtp\n        namespace: shop\n        key: ca.crt\n---\n"
		head     = "apiVersion: v1\nkind: Secret\nmetadata: {name: smtp, namespace: shop"
		password = "21 error SecretReferenceNotUsable: ObservabilityAlertsNotificationChannel shop/mail takes key password of Secret shop/smtp, which has no such key"
	)
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"Has":         {channel + head + "}\nstringData: {username: '${U}', password: '${P}'}\n", nil},
		"HasInData":   {channel + head + "}\ndata: {password: '${P}'}\nstringData: {username: '${U}'}\n", nil},
		"Lacks":       {channel + head + "}\nstringData: {username: '${U}', pasword: '${P}'}\n", []string{password}},
		"OtherSecret": {channel + "apiVersion: v1\nkind: Secret\nmetadata: {name: smtp, namespace: other}\nstringData: {username: '${U}'}\n", nil},
		"NoSecret":    {channel, nil},
		"NoKeys":      {channel + head + "}\n", nil}, // a controller copies them
		"Token":       {channel + head + "}\ntype: kubernetes.io/service-account-token\ndata: {extra: '${P}'}\n", nil},
		"Merged":      {channel + head + ", annotations: {kustomize.toolkit.fluxcd.io/ssa: Merge}}\nstringData: {username: '${U}'}\n", nil},
		"Header":      {hook + head + "}\nstringData: {api-key: '${P}'}\n", []string{"13 error SecretReferenceNotUsable: ObservabilityAlertsNotificationChannel shop/hook takes key apikey of Secret shop/smtp, which has no such key"}},
		"Plane":       {plane + head + "}\nstringData: {tls.crt: '${P}'}\n", []string{"11 error SecretReferenceNotUsable: ClusterDataPlane edge takes key ca.crt of Secret shop/smtp, which has no such key"}},
	} {
		if diff := cmp.Diff(c.want, linttest.LinesOf(t, c.text)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
