package lab

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/build"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/state"
)

// BareCluster starts an API server and etcd without controllers, as a separate lab in dir. Tests write the statuses themselves, for example
// those of another version's controllers. The caller must call Down; if the command is killed, the kernel kills the processes.
func (l *Lab) BareCluster(ctx context.Context, dir string) (*Lab, error) {
	bare := newLab(&state.State{Name: "bare", Dir: dir, Planes: map[string]state.Plane{}, Binaries: l.state.Binaries}, l.starter.logf)
	bare.starter.started, bare.starter.endsWithParent = l.starter.started, true
	if err := bare.state.MakeFolders(); err != nil {
		return nil, err
	}
	if _, err := bare.starter.startAPI(ctx, ""); err != nil {
		return nil, errors.Join(err, stopAll(context.WithoutCancel(ctx), bare.state))
	}
	return bare, nil
}

// InstallOpenChoreo installs the CRDs of one version of OpenChoreo, and waits until they are served. module is the folder from OpenChoreoDir.
func (l *Lab) InstallOpenChoreo(ctx context.Context, module string) error {
	definitions := "--filename=" + filepath.Join(module, "config/crd/bases")
	if _, err := l.Kubectl(ctx, "", "", "apply", "--server-side", definitions); err != nil {
		return err
	}
	_, err := l.Kubectl(ctx, "", "", "wait", "--for=condition=Established", "--timeout=30s", definitions)
	return err
}

// OpenChoreoDir returns the folder of a version of OpenChoreo, and downloads it if necessary.
func OpenChoreoDir(ctx context.Context, version string) (string, error) {
	return build.ModuleDir(ctx, openChoreo+version)
}
