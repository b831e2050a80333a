//go:build tools

// Package schemas keeps in go.mod the modules whose types controller-gen turns into definitions: their proxied modules hold no
// definitions. `make schemas` uses them.
package schemas

import (
	_ "github.com/fluxcd/helm-controller/api/v2"
	_ "github.com/fluxcd/image-automation-controller/api/v1"
	_ "github.com/fluxcd/image-reflector-controller/api/v1"
	_ "github.com/fluxcd/notification-controller/api/v1"
	_ "github.com/fluxcd/source-watcher/api/v2/v1beta1"
)
