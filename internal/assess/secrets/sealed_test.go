package secrets

import (
	"strings"
	"testing"
)

// TestUnsealedHint: messages of sealed-secrets v0.27.1, and that each hint says that the controller retries no more.
func TestUnsealedHint(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		`failed update: Resource "login" already exists and is not managed by SealedSecret`: `sealedsecrets.bitnami.com/managed: "true"`,
		"no key could decrypt secret (password)":                                            "no key in the cluster opens spec.encryptedData.password. ",
		"illegal base64 data at input byte 4":                                               "stays as it is",
	} {
		got := unsealedHint(message)
		if !strings.Contains(got, want) || !strings.Contains(got, "the controller has given up") && !strings.Contains(got, "restart the controller, which has given up") {
			t.Errorf("%s: %q, want %q", message, got, want)
		}
	}
}
