/**
 * What sessions add to `agent.db`: an index of three-letter pieces over what people and models said, so that Korean is found as well as English.
 * It holds no text of its own, follows the journal inside the same transactions, and forgets a session together with its delete event.
 * Of a text longer than 20,000 characters the beginning is indexed: a message must not be slow to take because it is long.
 */
const SAID = "('message_in', 'steered', 'model_answered')"

/** A step of the migrations. */
export const SESSION_TABLES: string = `
  CREATE VIRTUAL TABLE session_words USING fts5 (words, content='', contentless_delete=1, tokenize='trigram');
  INSERT INTO session_words (rowid, words)
    SELECT seq, substr(json_extract(data, '$.text'), 1, 20000) FROM events
     WHERE type IN ${SAID} AND json_extract(data, '$.text') IS NOT NULL;
  CREATE TRIGGER session_words_said AFTER INSERT ON events
    WHEN NEW.type IN ${SAID} AND json_extract(NEW.data, '$.text') IS NOT NULL
    BEGIN
      INSERT INTO session_words (rowid, words) VALUES (NEW.seq, substr(json_extract(NEW.data, '$.text'), 1, 20000));
    END;
  CREATE TRIGGER session_words_forgotten AFTER INSERT ON events
    WHEN NEW.type = 'session_changed' AND json_extract(NEW.data, '$.do') = 'delete'
    BEGIN
      DELETE FROM session_words WHERE rowid IN (SELECT seq FROM events WHERE session = NEW.session AND type IN ${SAID});
    END;`
