package kube

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

var errNoList = errors.New("it is no list")

// readList reads the JSON of a list one value at a time. It passes each item to item, and each other field to field. The next
// value overwrites the passed bytes.
func readList(r io.Reader, item func([]byte), field func(name string, value []byte)) error {
	d := json.NewDecoder(r)
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errNoList
	}
	var value json.RawMessage
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return fmt.Errorf("it ends early: %w", err)
		}
		if name == "items" {
			if err := readItems(d, &value, item); err != nil {
				return err
			}
			continue
		}
		if err := d.Decode(&value); err != nil {
			return fmt.Errorf("it ends early: %w", err)
		}
		field(fmt.Sprint(name), value)
	}
	return end(d)
}

func readItems(d *json.Decoder, value *json.RawMessage, item func([]byte)) error {
	switch t, err := d.Token(); {
	case err != nil:
		return fmt.Errorf("it ends early: %w", err)
	case t == nil: // null: no items
		return nil
	case t != json.Delim('['):
		return errNoList
	}
	for d.More() {
		if err := d.Decode(value); err != nil {
			return fmt.Errorf("it ends early: %w", err)
		}
		item(*value)
	}
	return end(d)
}

// end reads the bracket that closes an object or an array.
func end(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("it ends early: %w", err)
	}
	return nil
}
