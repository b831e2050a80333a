package escape

import (
	"strings"
	"testing"
)

// TestWriterMasksCredentials: the log of requests has whole URLs, and the one of a kubeconfig may hold a password.
func TestWriterMasksCredentials(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]string{
		"GET https://user:pa55@host:6443/api?limit=1": "GET https://<masked>@host:6443/api?limit=1\n",
		`curl "http://pa55@host/api"`:                 "curl \"http://<masked>@host/api\"\n",
		"GET https://host/api/v1/pods?x=a@b":          "GET https://host/api/v1/pods?x=a@b\n",
	} {
		var out strings.Builder
		if _, err := (Writer{&out}).Write([]byte(entry)); err != nil || out.String() != want {
			t.Errorf("%q: %q, %v, want %q", entry, out.String(), err, want)
		}
	}
}
