package cmdutil

import "testing"

func TestComponentName(t *testing.T) {
	t.Parallel()
	for arg, want := range map[string]string{"a": "a", "component/a": "a", "Component/a": "a", "comp/a": "a", "components.openchoreo.dev/a": "a", "pod/a": "pod/a"} {
		if got := ComponentName(arg); got != want {
			t.Errorf("componentName(%q) = %q, want %q", arg, got, want)
		}
	}
}

func TestWithoutCredentials(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"https://u:s3cret@host:6443": "https://host:6443", "https://t0ken@host/path": "https://host/path",
		"u:s3cret@host:6443": "host:6443", "https://host:6443": "https://host:6443", "host": "host",
	} {
		if got := withoutCredentials(host); got != want {
			t.Errorf("%s: %s, want %s", host, got, want)
		}
	}
}
