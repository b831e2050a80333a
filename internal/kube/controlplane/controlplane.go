// Package controlplane finds the cluster of the control plane in the kubeconfig, and reports why there is none.
package controlplane

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// MissingError means that no cluster is configured.
type MissingError struct {
	problem string
	// Timeout is that of a request.
	Timeout time.Duration
}

func (e *MissingError) Error() string {
	return "cannot find a cluster: " + e.problem + "; use --kubeconfig or set KUBECONFIG"
}

// WithoutLogin is the error of a command that OpenChoreo's API would do for.
func (e *MissingError) WithoutLogin() error {
	return errors.New("cannot find a cluster: " + e.problem + "; use --kubeconfig or --openchoreo-api, set KUBECONFIG, or run occ login")
}

// Config returns the client configuration of the cluster. It fails with a MissingError if none is configured. No request is made.
func Config(flags *genericclioptions.ConfigFlags) (*rest.Config, error) {
	config, err := flags.ToRESTConfig()
	if err != nil {
		return nil, fmt.Errorf("cannot read kubeconfig: %w; use --kubeconfig or --context", err)
	}
	if config.Host != clientcmd.ClusterDefaults.Server {
		return config, nil
	}
	loader := flags.ToRawKubeConfigLoader()
	raw, err := loader.RawConfig()
	if err != nil {
		return nil, fmt.Errorf("cannot read kubeconfig: %w; use --kubeconfig or --context", err)
	}
	if isSelected(flags, raw) {
		return config, nil
	}
	files := loader.ConfigAccess().GetLoadingPrecedence()
	if len(raw.Contexts) > 0 {
		return nil, fmt.Errorf("cannot find a cluster: no current context in kubeconfig %s; use --context; to list all, run kubectl config get-contexts",
			strings.Join(files, ", "))
	}
	return nil, &MissingError{problemOf(files), config.Timeout}
}

// isSelected reports whether the user has chosen a cluster. Otherwise client-go takes port 8080 of this machine (client-go v0.36
// tools/clientcmd/client_config.go, getDefaultServer), which does not help a user without a kubeconfig.
func isSelected(flags *genericclioptions.ConfigFlags, raw clientcmdapi.Config) bool {
	return *flags.APIServer != "" || *flags.ClusterName != "" || *flags.Context != "" || raw.CurrentContext != ""
}

// NoContext returns what to do about a context that the kubeconfig does not have.
func NoContext(raw clientcmdapi.Config) string {
	if len(raw.Contexts) == 0 {
		return "it has no contexts; use --kubeconfig or set KUBECONFIG"
	}
	return "to list all, run kubectl config get-contexts"
}

// problemOf reports why the kubeconfig files name no cluster.
func problemOf(files []string) string {
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

// Replacement is the configuration of a client that is never used, because another reader reads everything: it sends no request.
func Replacement(address string, timeout time.Duration) *rest.Config {
	return &rest.Config{Host: address, Timeout: timeout, Transport: refusing{}}
}

type refusing struct{}

// RoundTrip sends nothing.
func (refusing) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("there is no kubeconfig for the cluster of the control plane")
}

// Address is the address of a server as it may be shown: that of a kubeconfig may hold a user and a password.
func Address(host string) string {
	scheme, rest, found := strings.Cut(host, "://")
	if !found {
		scheme, rest = "", host
	} else {
		scheme += "://"
	}
	authority, path, _ := strings.Cut(rest, "/")
	user := strings.LastIndex(authority, "@")
	if user < 0 {
		return host
	}
	return strings.TrimSuffix(scheme+authority[user+1:]+"/"+path, "/")
}
