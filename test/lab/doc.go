// Package lab runs the real stack on one machine without containers: etcd, the Kubernetes control plane, kwok for nodes and
// pods, Git over HTTP, and Flux's source- and kustomize-controller. Of OpenChoreo it runs the controller-manager with its
// webhooks, cluster-gateway with mTLS and cluster-agent. Everything listens on loopback and keeps its state in one folder.
package lab
