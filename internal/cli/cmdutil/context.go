package cmdutil

import (
	"cmp"
	"fmt"
)

// ContextName returns the kubeconfig context of the control plane: that of --context, or the current one; "" if there is no kubeconfig,
// as in a pod.
func ContextName(r *Reader) (string, error) {
	raw, err := r.flags.ToRawKubeConfigLoader().RawConfig()
	if err != nil {
		return "", fmt.Errorf("cannot read kubeconfig: %w", err)
	}
	return cmp.Or(*r.flags.Context, raw.CurrentContext), nil
}
