package snapshotfile

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// documents splits a stream into YAML documents without parsing it, so that at most one is in memory.
type documents struct {
	in     *bufio.Reader
	limits limits
	text   []byte // of the current document
	line   int    // the number of the last line, from 1
	size   int64
	count  int
	ended  bool // the end mark was found
	cut    bool // the stream ended without it
}

func newDocuments(r io.Reader, limits limits) *documents {
	return &documents{in: bufio.NewReaderSize(r, 64<<10), limits: limits}
}

// next returns the text of the next document, valid until the next call, and the number of its first line. The error is io.EOF
// after the end mark.
func (d *documents) next() (text []byte, first int, err error) {
	for {
		if d.ended {
			return nil, d.line, io.EOF
		}
		if d.cut {
			return nil, d.line, d.truncated()
		}
		first = d.line + 1
		text, err = d.read()
		if err != nil {
			return nil, d.line, err
		}
		if blank(text) {
			continue
		}
		d.count++
		if d.count > d.limits.documents {
			return nil, first, errorf(first, hintEdit, "more than %d documents", d.limits.documents)
		}
		return text, first, nil
	}
}

// read collects lines up to the next mark.
func (d *documents) read() ([]byte, error) {
	d.text = d.text[:0]
	if err := d.begin(); err != nil {
		return nil, err
	}
	for {
		start := len(d.text)
		err := d.readLine()
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return nil, err
		}
		line := d.text[start:]
		if fault := d.checkText(line); fault != nil {
			return nil, fault
		}
		switch trimmed := string(bytes.TrimRight(line, " \t\r\n")); {
		case trimmed == startMark:
			return d.text[:start], nil
		case trimmed == endMark:
			d.ended = true
			return d.text[:start:start], d.onlyBlankFollows()
		case len(trimmed) > 3 && (trimmed[:4] == startMark+" " || trimmed[:4] == endMark+" "):
			return nil, errorf(d.line, hintEdit, "text after %s, which must be alone on its line", trimmed[:3])
		}
		if last {
			d.cut = true
			return d.text, nil
		}
	}
}

// begin rejects the encoding of a Windows shell's redirection, with a workaround, and skips a byte order mark.
func (d *documents) begin() error {
	if d.line > 0 {
		return nil
	}
	head, _ := d.in.Peek(3)
	switch {
	case len(head) == 0:
		return errorf(1, hintWrite, "the file is empty")
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return errorf(1, "write it with -f FILE instead of >", "UTF-16, want UTF-8")
	case bytes.Equal(head, []byte{0xef, 0xbb, 0xbf}):
		_, _ = d.in.Discard(3)
	}
	return nil
}

// readLine appends one line to the text, in pieces, so that the limit also applies to a line without end.
func (d *documents) readLine() error {
	d.line++
	for {
		piece, err := d.in.ReadSlice('\n')
		d.size += int64(len(piece))
		if d.size > d.limits.file {
			return errorf(d.line, hintWrite, "larger than %d MiB, which no snapshot of one component is", d.limits.file>>20)
		}
		if len(d.text)+len(piece) > d.limits.document {
			return errorf(d.line, hintWrite, "a document larger than %d MiB, which no Kubernetes object is", d.limits.document>>20)
		}
		if i := bytes.IndexByte(piece, 0); i >= 0 {
			return errorf(d.line, hintWrite, "not text: a zero byte")
		}
		d.text = append(d.text, piece...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(piece) == 0:
			d.line-- // there was no line
			return io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return errorf(d.line, "check that the file can be read", "%w", err)
		}
		return err
	}
}

func (d *documents) checkText(line []byte) error {
	if !utf8.Valid(line) {
		return errorf(d.line, hintWrite, "not text: invalid UTF-8")
	}
	i := bytes.IndexFunc(line, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' })
	if i >= 0 {
		return errorf(d.line, hintWrite, "not text: control character %#02x", line[i])
	}
	return nil
}

func (d *documents) onlyBlankFollows() error {
	for start := len(d.text); ; d.text = d.text[:start] {
		err := d.readLine()
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return err
		}
		if !blank(d.text[start:]) {
			return errorf(d.line, hintEdit, "text after the end mark %s", endMark)
		}
		if last {
			return nil
		}
	}
}

func (d *documents) truncated() error {
	return errorf(d.line, hintAgain, "the file ends before its end mark %s: it was cut off", endMark)
}

// blank reports whether text has only white space and comments.
func blank(text []byte) bool {
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] != '#' {
			return false
		}
	}
	return true
}
