package cmdutil

import (
	"os"
	"strings"

	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// hasNoCluster reports whether no cluster is configured. Then this machine's port 8080 is used (client-go v0.36
// tools/clientcmd/client_config.go, getDefaultServer), which does not help a user without a kubeconfig.
func hasNoCluster(flags *genericclioptions.ConfigFlags, config *rest.Config) bool {
	raw, err := flags.ToRawKubeConfigLoader().RawConfig()
	return err == nil && clientcmdapi.IsConfigEmpty(&raw) && *flags.APIServer == "" && config.Host == clientcmd.ClusterDefaults.Server
}

// kubeconfigProblem reports why the kubeconfig files name no cluster.
func kubeconfigProblem(files []string) string {
	var missing, empty []string
	for _, file := range files {
		if _, err := os.Stat(file); err != nil {
			missing = append(missing, file)
		} else {
			empty = append(empty, file)
		}
	}
	switch {
	case len(empty) > 0:
		return "kubeconfig " + strings.Join(empty, ", ") + " names none"
	case len(missing) > 0:
		return "kubeconfig " + strings.Join(missing, ", ") + " does not exist"
	}
	return "there is no kubeconfig"
}
