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
